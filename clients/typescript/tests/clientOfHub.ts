import { vi } from "vitest";
import { PresenceClient, type PresenceClientOptions } from "../src/index.js";
import { type FakeHub, subject } from "./FakeHub.js";

/** A client of the hub, not connected yet; where it would wait a random time, it waits the middle one. */
export function createClient(hub: FakeHub, options: Partial<PresenceClientOptions> = {}): PresenceClient {
  return new PresenceClient({
    url: "/hubs/presence",
    accessTokenFactory: () => "token",
    createLink: hub.createLink,
    log: false,
    random: () => 0.5,
    ...options,
  });
}

export async function connected(hub: FakeHub, options: Partial<PresenceClientOptions> = {}): Promise<PresenceClient> {
  const client = createClient(hub, options);
  await client.connect();
  return client;
}

/** Loses the connection, and waits until the client has made the next. */
export async function reconnect(hub: FakeHub): Promise<void> {
  hub.link.drop();
  await vi.advanceTimersByTimeAsync(1_000);
}

/** Lets what is due now happen. */
export const turn = () => vi.advanceTimersByTimeAsync(0);

/** The subjects with these numbers, both ends included. */
export const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => subject(from + index));
