import { createElement, useEffect, useMemo, useRef, type ReactElement, type ReactNode } from "react";
import type { PresenceClientOptions } from "../PresenceClientOptions.js";
import { advise } from "./advice.js";
import { PresenceContext } from "./context.js";
import { OwnedClient } from "./OwnedClient.js";
import type { PresenceSource } from "../PresenceSource.js";
import { storeOf } from "./SubjectStore.js";

/** For a client that the application connects and stops. */
export interface SharedClientProps {
  /** Undefined while there is none yet. */
  readonly client: PresenceSource | undefined;
  readonly children?: ReactNode;
}

/**
 * For a client of the provider's own: connected while the provider is mounted. A new `url` makes a new client. The
 * latest `accessTokenFactory` is used, so it need not be memoised. Other options are read when a client is made.
 */
export interface OwnClientProps extends PresenceClientOptions {
  readonly client?: undefined;
  readonly children?: ReactNode;
}

export type PresenceProviderProps = SharedClientProps | OwnClientProps;

/** Gives the components below it one presence client, and thereby one connection. */
export function PresenceProvider(props: PresenceProviderProps): ReactElement {
  const owned = useOwnedClient("url" in props ? props : undefined);
  const client = "url" in props ? owned : props.client;
  if (!("url" in props) && !("client" in props)) {
    advise("<PresenceProvider> needs a `client`, or a `url` and an `accessTokenFactory`.");
  }
  return createElement(PresenceContext.Provider, { value: client && storeOf(client) }, props.children);
}

function useOwnedClient(options: OwnClientProps | undefined): PresenceSource | undefined {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });

  const url = options?.url;
  // Making a client opens nothing, so a client of a render that React discards needs no end.
  const owned = useMemo(
    () => options && new OwnedClient(clientOptions(options, () => latest.current ?? options)),
    [url],
  );
  useEffect(() => owned?.hold(), [owned]);
  return owned?.client;
}

function clientOptions(options: OwnClientProps, latest: () => OwnClientProps): PresenceClientOptions {
  const own = { ...options };
  delete own.children;
  return { ...own, accessTokenFactory: (request) => latest().accessTokenFactory(request) };
}
