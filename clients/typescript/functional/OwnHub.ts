import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { vi } from "vitest";
import { environment } from "./environment.js";

/** A simulated hub of one test file, which the tests may kill and start again at the same address. */
export class OwnHub {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly emulatorPort: number,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** @param settings Environment variables, such as `Board__ClientId`. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<OwnHub> {
    const hub = new OwnHub(await freePort(), await freePort(), settings);
    await hub.start();
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const assembly = environment.serverAssembly;
    this.process = spawn("dotnet", [assembly], {
      cwd: dirname(assembly),
      stdio: "ignore",
      env: {
        ...process.env,
        ASPNETCORE_ENVIRONMENT: "Development",
        ASPNETCORE_URLS: this.url,
        Emulator__Port: String(this.emulatorPort),
        Emulator__ChangePeriod: "00:00:00",
        ...this.settings,
      },
    });
    const ready = async () => {
      if (!(await fetch(`${this.url}/health/ready`)).ok) {
        throw new Error("The hub is not ready.");
      }
    };
    await vi.waitFor(ready, { timeout: 50_000, interval: 200 });
  }

  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.process?.once("exit", resolve));
    this.process?.kill("SIGKILL");
    await ended;
  }
}

/** Below are those of the .NET tests, and above those that the system gives to outgoing connections. */
const ports = { first: 30_000, count: 2_700 };
const taken = new Set<number>();

async function freePort(): Promise<number> {
  for (;;) {
    const port = ports.first + Math.floor(Math.random() * ports.count);
    if (!taken.has(port) && (await isFree(port))) {
      taken.add(port);
      return port;
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
