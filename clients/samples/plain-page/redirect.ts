import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";

// The redirect URI of the sign-in: hands the answer to the page that asked, in this window or in another one.
broadcastResponseToMainFrame().catch((error: unknown) => {
  document.body.textContent = `The sign-in failed. ${String(error)}`;
});
