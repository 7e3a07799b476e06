/** The members of a SignalR connection that the client uses. */
export interface HubLink {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Fails before `start` has succeeded. */
  invoke(method: string, ...args: unknown[]): Promise<unknown>;
  on(method: string, handler: (...args: never[]) => void): void;
  onclose(handler: (error?: Error) => void): void;
}
