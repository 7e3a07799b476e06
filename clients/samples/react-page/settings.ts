/** From the app registrations: see README.md. */
export const settings = {
  hub: "https://presence.contoso.com/hubs/presence",
  /** The scope that the hub exposes. */
  scope: "api://presence-hub/access",
  /** The client id of this page's registration. */
  clientId: "00000000-0000-0000-0000-000000000000",
  authority: "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000",
};
