import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.js";
import { loadSettings } from "./settings.js";

const root = createRoot(document.getElementById("root") as HTMLElement);

loadSettings().then(
  (settings) =>
    root.render(
      <StrictMode>
        <App settings={settings} />
      </StrictMode>,
    ),
  (error: unknown) => root.render(<p role="alert">The chat server does not answer: {String(error)}</p>),
);
