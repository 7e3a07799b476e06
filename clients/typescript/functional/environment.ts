import { resolve } from "node:path";

/** What the tests run against; a missing setting fails with its name rather than with a refused connection. */
export const environment = {
  /** Where the hub and the page are. */
  get hub(): string {
    return required("PRESENCEHUB_URL", "http://127.0.0.1:5080");
  },
  /** The Graph emulator that the hub reads from. */
  get emulator(): string {
    return required("EMULATOR_URL", "https://localhost:5081");
  },
  /** The file with the certificate authority of an emulator that is served over HTTPS. */
  get emulatorRootPem(): string {
    return required("EMULATOR_ROOT_PEM", "/tmp/emulator-root.pem");
  },
  /** How many subjects the hub lets a connection watch. */
  subjectsPerConnection: Number(process.env["PRESENCEHUB_SUBJECTS_PER_CONNECTION"] ?? 1_000),
  /** The server's assembly, for tests that start one of their own. */
  serverAssembly:
    process.env["PRESENCEHUB_ASSEMBLY"] ??
    resolve(import.meta.dirname, "../../../src/PresenceHub.Server/bin/Debug/net10.0/PresenceHub.Server.dll"),
  /** Where the chat sample is; its tests run only then. */
  chat: process.env["CHAT_URL"]?.replace(/\/$/, "") ?? "",
  chatScreenshot: process.env["CHAT_SCREENSHOT_PATH"],
  chromium: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  screenshot: process.env["SCREENSHOT_PATH"],
};

export const chromiumArguments = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function required(name: string, example: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(
      `Set ${name}, for instance ${name}=${example}: the functional tests need a running hub and emulator.`,
    );
  }
  return value.replace(/\/$/, "");
}
