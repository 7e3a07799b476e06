/** What a person reads of an error. SignalR puts its own words before those of the server. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^.*HubException: /s, "");
}
