import { render } from "@lit-labs/ssr";
import { collectResult } from "@lit-labs/ssr/lib/render-result.js";
import { html } from "lit";
import { expect, it } from "vitest";
import { presenceLabel } from "../../src/labels/index.js";
import { subject } from "../FakeHub.js";

it("renders on a server without a window, as unknown", async () => {
  expect(globalThis.window).toBeUndefined();
  await import("../../src/elements/index.js");
  const page = await collectResult(
    render(html`
      <presence-provider url="/hubs/presence">
        <presence-badge user-id=${subject(1)}></presence-badge>
        <presence-person email="ada@example.com" view="threelines"></presence-person>
      </presence-provider>
    `),
  );
  expect(page).toContain(presenceLabel(undefined, "en"));
  expect(page).toContain("ada@example.com");
  expect(page).toContain('shadowroot="open"');
});
