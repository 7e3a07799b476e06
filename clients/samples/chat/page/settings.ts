interface SimulationSettings {
  readonly mode: "simulation";
  /** The address of the presence hub. */
  readonly presenceUrl: string;
}

export interface TenantSettings {
  readonly mode: "tenant";
  readonly presenceUrl: string;
  readonly clientId: string;
  readonly authority: string;
  readonly hubScope: string;
  readonly chatScope: string;
}

export type Settings = SimulationSettings | TenantSettings;

/** What the chat server says about itself. */
export async function loadSettings(): Promise<Settings> {
  const response = await fetch("/config.json");
  if (!response.ok) {
    throw new Error(`/config.json is answered ${response.status}`);
  }
  return (await response.json()) as Settings;
}
