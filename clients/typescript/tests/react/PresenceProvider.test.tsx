// @vitest-environment happy-dom
import { StrictMode, type ReactNode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TokenRequest } from "../../src/index.js";
import { PresenceProvider, usePresence, usePresenceClient, usePresenceStatus } from "../../src/react/index.js";
import { connected } from "../clientOfHub.js";
import { FakeHub, subject } from "../FakeHub.js";
import { mount, settle, type Mounted } from "./mount.js";

describe("PresenceProvider", () => {
  let hub: FakeHub;
  let mounted: Mounted | undefined;
  const tokens: string[] = [];

  function Status() {
    return (
      <i>
        {usePresenceStatus().state} {usePresence(subject(1))?.availability ?? "-"}
      </i>
    );
  }

  /** The fake hub takes no token, so each connection asks for one as the real link does. */
  const own = (token: string, url = "/hubs/presence", children: ReactNode = <Status />) => {
    const accessTokenFactory = ({ refresh }: TokenRequest) => `${token} ${refresh}`;
    return (
      <PresenceProvider url={url} accessTokenFactory={accessTokenFactory} createLink={hub.createLink}>
        {children}
      </PresenceProvider>
    );
  };

  beforeEach(() => {
    tokens.length = 0;
    hub = new FakeHub();
  });

  afterEach(async () => {
    await mounted?.unmount();
    mounted = undefined;
    vi.restoreAllMocks();
  });

  it("connects a client of its own while it is mounted, and stops it then", async () => {
    mounted = await mount(own("a"));
    expect(mounted.text()).toBe("connected Available");
    await mounted.unmount();
    expect(hub.links).toHaveLength(1);
    expect(hub.link.stops).toBeGreaterThan(0);
  });

  it("opens one connection in StrictMode and keeps it and its watch", async () => {
    mounted = await mount(<StrictMode>{own("a")}</StrictMode>);
    expect(mounted.text()).toBe("connected Available");
    expect(hub.links).toHaveLength(1);
    expect(hub.link.stops).toBe(0);
    expect(hub.link.calls.map(({ method }) => method)).toEqual(["Watch"]);
  });

  it("keeps the connection when it renders with another token function, and makes a new one for another url", async () => {
    mounted = await mount(own("a"));
    await mounted.render(own("b"));
    expect(hub.links).toHaveLength(1);
    const [first] = hub.links;
    await mounted.render(own("b", "/elsewhere/hubs/presence"));
    expect(mounted.text()).toBe("connected Available");
    expect(hub.links).toHaveLength(2);
    expect(first?.stops).toBeGreaterThan(0);
  });

  it("leaves a given client connected, and shares its watches between providers", async () => {
    const client = await connected(hub);
    const tree = (
      <>
        <PresenceProvider client={client}>
          <Status />
        </PresenceProvider>
        <PresenceProvider client={client}>
          <Status />
        </PresenceProvider>
      </>
    );
    mounted = await mount(tree);
    expect(mounted.text()).toBe("connected Availableconnected Available");
    expect(hub.link.calls).toHaveLength(1);
    await mounted.unmount();
    expect(client.status.state).toBe("connected");
    await settle(() => client.stop());
  });

  it("shows the loss of the connection", async () => {
    mounted = await mount(own("a"));
    await settle(() => hub.link.drop());
    expect(mounted.text()).toBe("reconnecting Available");
  });

  it("gives the client to components, and waits for one that is not known yet", async () => {
    const client = await connected(hub);
    const seen: unknown[] = [];
    const Seen = () => {
      seen.push(usePresenceClient());
      return null;
    };
    const tree = (given: typeof client | undefined) => (
      <PresenceProvider client={given}>
        <Seen />
        <Status />
      </PresenceProvider>
    );
    mounted = await mount(tree(undefined));
    expect(mounted.text()).toBe("idle -");
    await mounted.render(tree(client));
    expect(mounted.text()).toBe("connected Available");
    expect(seen).toEqual([undefined, client]);
    await settle(() => client.stop());
  });

  it("renders on a server without connecting, and takes over the page without a difference", async () => {
    const html = renderToString(own("a"));
    expect(html).toContain("idle");
    expect(hub.links).toEqual([]);
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const container = document.createElement("div");
    container.innerHTML = html;
    let root: { unmount(): void } | undefined;
    await settle(() => (root = hydrateRoot(container, own("a"))));
    expect(container.textContent).toBe("connected Available");
    expect(errors.mock.calls).toEqual([]);
    await settle(() => root?.unmount());
  });

  it("says that there is no provider, and shows nothing", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    mounted = await mount(<Status />);
    expect(mounted.text()).toBe("idle -");
    await mounted.render(<Status />);
    expect(errors.mock.calls.flat().filter((line) => String(line).includes("<PresenceProvider>"))).toHaveLength(2);
  });

  it("shows that the hub's address cannot be used", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const Problem = () => <i>{usePresenceStatus().error?.code}</i>;
    mounted = await mount(
      <PresenceProvider url="nonsense://" accessTokenFactory={() => ""}>
        <Problem />
      </PresenceProvider>,
    );
    expect(mounted.text()).toBe("invalidRequest");
  });
});
