import type { IHttpConnectionOptions } from "@microsoft/signalr";
import { HttpTransportType } from "@microsoft/signalr";
import { badgeStyles } from "../../src/elements/badgeStyles.js";
import { configurePresence } from "../../src/elements/index.js";
import { PresenceClient } from "../../src/index.js";
import { byId, setText } from "../common/dom.js";
import { issueSimulatedToken, simulatedPeople } from "../common/simulation.js";
import { TokenSource } from "../common/TokenSource.js";
import { untilAnswered } from "../common/untilAnswered.js";
import { ConnectionCut, type SocketConstructor } from "./ConnectionCut.js";
import { Playground } from "./Playground.js";
import { Simulation } from "./Simulation.js";
import { WireProtocol } from "./WireProtocol.js";

const hub = new URL("..", location.href);
const tokens = new TokenSource(() => issueSimulatedToken(hub));
const simulation = new Simulation(hub, () => tokens.get());
const cut = new ConnectionCut();

// SignalR takes a constructor of sockets, which its types leave out.
const http: IHttpConnectionOptions & { WebSocket: SocketConstructor } = {
  transport: HttpTransportType.WebSockets,
  skipNegotiation: true,
  WebSocket: cut.wrap(WebSocket),
};

const client = new PresenceClient({
  url: new URL("hubs/presence", hub).href,
  accessTokenFactory: ({ refresh }) => tokens.get(refresh),
  protocol: new WireProtocol((message) => playground.received(message)),
  http,
  // Short enough to watch.
  reconnectCapMs: 2_000,
  log: false,
});
const playground = new Playground(hub, client, simulation, cut);

const badges = badgeStyles.styleSheet;
if (badges) {
  document.adoptedStyleSheets.push(badges);
}
configurePresence({ url: "", source: client });

// A playground exists only while Graph is simulated, so there are people.
const people = await untilAnswered(
  () => simulatedPeople(hub),
  { baseMs: 500, capMs: 5_000 },
  (error) => {
    setText(byId("result", HTMLElement), `The hub is not ready: ${error instanceof Error ? error.message : ""}`);
  },
);
playground.start(people ?? []);
