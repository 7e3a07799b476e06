import { readFileSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { vi } from "vitest";
import { environment } from "./environment.js";

export interface Presence {
  readonly availability: string;
  readonly activity: string;
}

/** The emulator's control API: what a person does in Teams. */
export const emulator = {
  async setPresence(id: string, presence: Presence): Promise<void> {
    await call("PUT", `/emulator/people/${id}/presence`, presence);
  },

  /** A change before the hub's subscription covers the subject would arrive with the next poll only. */
  async untilCovered(id: string): Promise<void> {
    const covers = async () => {
      const subscriptions = (await call("GET", "/emulator/subscriptions")) as { ids: string[] }[];
      if (!subscriptions.some(({ ids }) => ids.some((covered) => covered.toLowerCase() === id))) {
        throw new Error(`No subscription at the emulator covers ${id}.`);
      }
    };
    await vi.waitFor(covers, { timeout: 45_000, interval: 200 });
  },
};

function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const url = new URL(environment.emulator + path);
  const secure = url.protocol === "https:";
  const headers = { "Content-Type": "application/json" };
  const options = secure ? { method, headers, ca: readFileSync(environment.emulatorRootPem) } : { method, headers };
  return new Promise((resolve, reject) => {
    const request = (secure ? requestHttps : requestHttp)(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += part));
      response.on("end", () => {
        const status = response.statusCode ?? 0;
        if (status >= 400) {
          reject(new Error(`The emulator answered ${status} to ${method} ${path}: ${text}`));
        } else {
          resolve(text === "" ? undefined : JSON.parse(text));
        }
      });
    });
    request.on("error", reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
