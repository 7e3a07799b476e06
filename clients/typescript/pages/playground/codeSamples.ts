/** The page's own work in three lines, for a page and for an application. */
export function codeSamples(hub: URL, id: string): { html: string; script: string } {
  return {
    html: [
      `<script defer src="${hub.href}client/presencehub.js"`,
      `  data-token-url="${hub.href}dev/token"></script>`,
      `<presence-badge user-id="${id}"></presence-badge>`,
    ].join("\n"),
    script: [
      `const client = new PresenceClient({ url: "${hub.href}hubs/presence", accessTokenFactory });`,
      `client.watch(["${id}"], (entry) => show(entry.availability, entry.freshness));`,
      "await client.connect();",
    ].join("\n"),
  };
}
