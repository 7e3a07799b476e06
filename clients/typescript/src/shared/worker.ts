import * as onDemand from "../onDemand.js";
import { onDemandCode } from "../onDemandCode.js";
import { PortChannel } from "./Channel.js";
import { SharedHost } from "./SharedHost.js";

// Some bundlers cannot split a worker, so it has all of its code in one file.
onDemandCode.load = () => Promise.resolve(onDemand);

const host = new SharedHost();
const scope = globalThis as unknown as { onconnect: (event: MessageEvent) => void };
scope.onconnect = ({ ports: [port] }) => {
  if (port) {
    host.accept(new PortChannel(port));
  }
};
