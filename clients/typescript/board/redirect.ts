import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";

// The redirect URI of the sign-in: hands the answer to the board, in this window or in the one that opened this frame.
broadcastResponseToMainFrame().catch((error: unknown) => {
  document.body.textContent = String(error);
});
