import { describe, expect, it } from "vitest";
import { fromConnectionError, fromHubError } from "../src/PresenceError.js";
import { hubError } from "./FakeHub.js";

describe("PresenceError", () => {
  it.each(["invalidRequest", "limitExceeded", "unauthorized", "unavailable"])("exposes the hub's code %s", (code) => {
    expect(fromHubError(hubError(code))).toMatchObject({ code, message: "because", retriable: code === "unavailable" });
  });

  it("keeps the text of an error without a known code, and lets it be retried", () => {
    const text = "An unexpected error occurred invoking 'Watch' on the server.";
    expect(fromHubError(new Error(text))).toMatchObject({ code: "unknown", message: text, retriable: true });
  });

  it.each([
    ["Failed to complete negotiation with the server: Error: Unauthorized: Status code '401'", "unauthorized"],
    ["Failed to complete negotiation with the server: Error: : Status code '403'", "unauthorized"],
    ["Unexpected status code returned from negotiate '401'", "unauthorized"],
    ["Failed to complete negotiation with the server: Error: : Status code '503'", "disconnected"],
    ["Failed to fetch", "disconnected"],
    ["Server returned an error on close: HubException: limitExceeded: too many connections", "limitExceeded"],
  ])("reads %s as %s", (message, code) => {
    expect(fromConnectionError(new Error(message)).code).toBe(code);
  });
});
