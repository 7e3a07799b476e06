import { useEffect, useState, useSyncExternalStore } from "react";
import type { Session } from "../signIn/Session.js";
import { ChatClient } from "./ChatClient.js";
import type { ChatState } from "./Conversation.js";

const none: ChatState = { connected: false, conversations: [], typing: new Map() };
const noSubscription = () => () => undefined;

/** The chat of the signed-in user, connected while the component is mounted. */
export function useChat(session: Session): { readonly client: ChatClient | undefined; readonly state: ChatState } {
  const [client, setClient] = useState<ChatClient>();
  useEffect(() => {
    const connected = new ChatClient(session.chatToken);
    setClient(connected);
    void connected.start();
    return () => void connected.stop();
  }, [session]);
  const state = useSyncExternalStore(client?.subscribe ?? noSubscription, client?.snapshot ?? (() => none));
  return { client, state };
}
