import { describe, expect, it } from "vitest";
import { fromRefusal } from "../src/negotiationErrors.js";
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
    ["Connection closed with an error. HubException: tokenExpired: The token has expired", "tokenExpired"],
    ['{"status":401,"code":"tokenExpired"}: Status code \'401\'', "tokenExpired"],
    ['{"status":404,"code":"invalidRequest"}: Status code \'404\'', "disconnected"],
    ["Server returned handshake error: Handshake was canceled.", "disconnected"],
    [
      "Server returned handshake error: The server does not support version 9 of the 'json' protocol.",
      "invalidRequest",
    ],
    ["Server returned handshake error: The protocol 'smoke' is not supported.", "invalidRequest"],
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

  it.each([
    [503, "", 2_000, "unavailable"],
    [429, "", 2_000, "unavailable"],
    [503, "<html>Bad gateway</html>", undefined, "disconnected"],
    [503, '{"code":"unavailable"}', undefined, "unavailable"],
    [401, "", undefined, "unauthorized"],
    [401, '{"code":"tokenExpired"}', undefined, "tokenExpired"],
    [403, "null", undefined, "unauthorized"],
    [404, "", undefined, "invalidRequest"],
    [405, '{"code":"somethingNew"}', undefined, "invalidRequest"],
    [408, "", undefined, "disconnected"],
  ])("reads the refusal %s %s with the wait %s as %s", (status, body, wait, code) => {
    const error = fromRefusal(status, body, wait);
    expect(error).toMatchObject({ code, retryAfterMs: wait, message: `The hub's address answered ${status}.` });
    expect(fromConnectionError(error)).toBe(error);
  });

  it("shows the detail of a problem", () => {
    expect(
      fromRefusal(403, '{"detail":"The token needs the scope access","code":"unauthorized"}', undefined),
    ).toMatchObject({
      code: "unauthorized",
      message: "The token needs the scope access",
    });
  });
});
