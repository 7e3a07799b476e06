import { beforeAll, describe, expect, it } from "vitest";
import { ContractTypes, type Schema, type Schemas } from "./ContractTypes.js";
import { environment } from "./environment.js";

/** Members of an entry that the protocol reserves, and that no hub sends yet. */
const reserved = ["statusMessage", "outOfOffice", "workLocation"];

describe("the hub's OpenAPI document", () => {
  const types = new ContractTypes();
  let schemas: Schemas;

  beforeAll(async () => {
    const response = await fetch(`${environment.hub}/openapi/v1.json`);
    schemas = ((await response.json()) as { components: { schemas: Schemas } }).components.schemas;
  });

  it.each([
    ["PresenceEntry", reserved],
    ["RejectedSubject", []],
    ["WatchResult", []],
  ] as const)("describes %s as the client does", (name, leftOut) => {
    expect(types.differences(schemas, name, leftOut)).toEqual([]);
  });

  it.each([
    ["PresenceEntry", "freshness", "Freshness"],
    ["RejectedSubject", "reason", "RejectionReason"],
  ])("names the values of %s.%s that the client knows", (schema, member, union) => {
    const texts = types.texts(union);
    expect(texts).not.toEqual([]);
    const description = schemas[schema]?.properties?.[member]?.description ?? "";
    expect(texts.filter((text) => !description.includes(text))).toEqual([]);
  });

  it.each<[string, (entry: Schema) => Schema]>([
    [
      "of another name",
      ({ properties: { since, ...rest } = {}, ...entry }) => ({
        ...entry,
        properties: { ...rest, begin: since ?? {} },
        required: entry.required?.map((name) => (name === "since" ? "begin" : name)) ?? [],
      }),
    ],
    ["of another type", (entry) => ({ ...entry, properties: { ...entry.properties, revision: { type: "string" } } })],
    [
      "that may be null",
      (entry) => ({ ...entry, properties: { ...entry.properties, id: { type: ["null", "string"] } } }),
    ],
    ["that is never null", (entry) => ({ ...entry, properties: { ...entry.properties, since: { type: "string" } } })],
    ["that may be absent", (entry) => ({ ...entry, required: entry.required?.filter((name) => name !== "id") ?? [] })],
    ["that is new", (entry) => ({ ...entry, properties: { ...entry.properties, mood: { type: "string" } } })],
  ])("would be found to differ by a member %s", (_, change) => {
    const changed = { ...schemas, PresenceEntry: change(schemas["PresenceEntry"] ?? {}) };
    expect(types.differences(changed, "PresenceEntry", reserved)).not.toEqual([]);
  });
});
