import { expect, it } from "vitest";
import { userKeyOf } from "../../src/shared/userKey.js";

const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;

it.each([
  ["tenant and object id", token({ tid: "t", oid: "o", sub: "s" }), "t/o"],
  ["tenant and subject", token({ tid: "t", sub: "s", name: "Ünal ÿÿÿ" }), "t/s"],
  ["no tenant", token({ oid: "o" }), undefined],
  ["other kinds of claims", token({ tid: 1, oid: ["o"] }), undefined],
  ["null", token(null), undefined],
  ["no JSON", "a.b.c", undefined],
  ["an opaque token", "opaque", undefined],
])("reads the user of a token with %s", (_, given, key) => expect(userKeyOf(given)).toBe(key));
