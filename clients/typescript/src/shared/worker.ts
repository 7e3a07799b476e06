import { PortChannel } from "./Channel.js";
import { SharedHost } from "./SharedHost.js";

const host = new SharedHost();
const scope = globalThis as unknown as { onconnect: (event: MessageEvent) => void };
scope.onconnect = ({ ports: [port] }) => {
  if (port) {
    host.accept(new PortChannel(port));
  }
};
