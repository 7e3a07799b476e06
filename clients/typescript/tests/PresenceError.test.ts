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

  it("reads the wait at the end of an unavailable call", () => {
    const error = fromHubError(hubError("unavailable", "too many calls; retry after 250 ms"));
    expect(error).toMatchObject({ code: "unavailable", retryAfterMs: 250 });
  });

  it.each([
    hubError("unavailable"),
    hubError("unavailable", "retry after 250 ms, or not; really"),
    hubError("limitExceeded", "too many ids; retry after 250 ms"),
  ])("reads no wait from $message", (error) => {
    expect(fromHubError(error).retryAfterMs).toBeUndefined();
  });

  it("takes a refusal with a wait for unavailable", () => {
    const error = fromConnectionError(new Error("Failed to complete negotiation: Status code '503'"), 2_000);
    expect(error).toMatchObject({ code: "unavailable", retryAfterMs: 2_000 });
    expect(fromConnectionError(error)).toBe(error);
  });
});
