import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityViolations, collectProblems, colours, screenshot, TestBrowser } from "./browser.js";
import { emulator, type Presence } from "./emulator.js";
import { environment } from "./environment.js";
import { hub, type SimulatedPerson } from "./hub.js";

const busy: Presence = { availability: "Busy", activity: "InAMeeting" };
const available: Presence = { availability: "Available", activity: "Available" };
const changes: [Presence, string][] = [
  [busy, "busy"],
  [available, "available"],
  [{ availability: "DoNotDisturb", activity: "Presenting" }, "doNotDisturb"],
  [{ availability: "Away", activity: "Away" }, "away"],
  [available, "available"],
];

// It needs the chat sample beside the hub.
describe.runIf(environment.chat)("the chat sample in two browsers", () => {
  const browser = TestBrowser.forTests();
  let ada: Page;
  let grace: Page;
  let people: [SimulatedPerson, SimulatedPerson];
  const problems: string[] = [];

  /** A browser of its own, in which the person is signed in. */
  async function signIn({ id }: SimulatedPerson, prepare?: (page: Page) => Promise<void>): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1180, height: 760 } });
    collectProblems(page, problems);
    await prepare?.(page);
    await page.goto(environment.chat);
    await page.getByLabel("Who are you?").selectOption(id);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForSelector('[data-connected="true"] [data-presence="connected"]', { state: "attached" });
    return page;
  }

  const badge = (id: string, state: string) => `.badge[data-subject-id="${id}"][data-state="${state}"]`;

  beforeAll(async () => {
    const [first, second] = (await hub.people()) as [SimulatedPerson, SimulatedPerson];
    people = [first, second];
    [ada, grace] = await Promise.all([signIn(first), signIn(second)]);
  });

  afterAll(() => expect(problems).toEqual([]));

  it("carries a message and the notice of typing to the other browser", async () => {
    const [first, second] = people;
    await ada.getByLabel("Team").selectOption("");
    await ada.getByLabel("Name").fill(second.displayName);
    await ada.locator(".people").getByRole("button", { name: second.displayName }).first().click();
    await grace.getByRole("button", { name: new RegExp(`${first.displayName}.*No message yet`, "s") }).click();

    await ada.getByLabel("Message").pressSequentially("Do you have a minute?");
    await grace.getByText(`${first.displayName} is typing…`).waitFor();
    await ada.getByRole("button", { name: "Send" }).click();
    await grace.locator("li.other p", { hasText: "Do you have a minute?" }).waitFor();
    await grace.getByText("is typing…").waitFor({ state: "detached" });

    await grace.getByLabel("Message").fill("Yes.");
    await grace.getByLabel("Message").press("Enter");
    await ada.locator("li.other p", { hasText: "Yes." }).waitFor();
    expect(await ada.locator("li.own p").allTextContents()).toEqual(["Do you have a minute?"]);
  });

  it("shows a change of presence in both browsers within a second", async () => {
    const [, second] = people;
    await emulator.untilCovered(second.id);
    const times: number[] = [];
    for (const [presence, state] of changes) {
      const start = performance.now();
      await emulator.setPresence(second.id, presence);
      // The one who is seen, and the one who sees.
      await Promise.all([
        grace.waitForSelector(`.me ${badge(second.id, state)}`),
        ada.waitForSelector(`.thread ${badge(second.id, state)}`),
      ]);
      times.push(performance.now() - start);
    }
    const median = times.sort((left, right) => left - right)[Math.floor(times.length / 2)];
    console.log(`A change of presence was in both browsers after ${times.map(Math.round).join(", ")} ms.`);
    expect(median).toBeLessThanOrEqual(1_000);
  });

  it("finds the first available person of a team", async () => {
    const department = people[1].department;
    const team = (await hub.people()).filter(
      (person) => person.department === department && person.id !== people[0].id,
    );
    const last = team.at(-1) as SimulatedPerson;
    await ada.getByLabel("Name").fill("");
    await ada.getByLabel("Team").selectOption(department);
    await Promise.all(team.map(({ id }) => emulator.untilCovered(id)));
    await Promise.all(team.map(({ id }) => emulator.setPresence(id, busy)));
    await ada.getByRole("button", { name: "No one is available" }).waitFor();
    await emulator.setPresence(last.id, available);
    await ada.getByRole("button", { name: `Ask the first available: ${last.displayName}` }).click();
    await ada.locator(".thread h1", { hasText: last.displayName }).waitFor();
  });

  it("says in the page why a conversation cannot be opened and a message cannot be sent", async () => {
    const refused = await signIn(people[0], async (page) => {
      await page.routeWebSocket(/\/hubs\/chat/, (socket) => {
        const server = socket.connectToServer();
        socket.onMessage((text) => {
          const { invocationId } = JSON.parse(String(text).split("\u001e")[0] ?? "{}") as { invocationId?: string };
          if (/"target":"(Open|Send)"/.test(String(text))) {
            socket.send(
              `{"type":3,"invocationId":"${invocationId ?? ""}","error":"HubException: the server is full"}\u001e`,
            );
          } else {
            server.send(text);
          }
        });
      });
    });
    await refused.locator(".people button").first().click();
    await refused.getByRole("alert").filter({ hasText: "cannot be opened: the server is full" }).waitFor();
    await refused
      .getByRole("button", { name: new RegExp(people[1].displayName) })
      .first()
      .click();
    await refused.getByLabel("Message").fill("Hello?");
    await refused.getByRole("button", { name: "Send" }).click();
    await refused.getByRole("alert").filter({ hasText: "not sent: the server is full" }).waitFor();
    expect(await refused.getByLabel("Message").inputValue()).toBe("Hello?");
    await refused.close();
  });

  it("keeps the conversation when the page is loaded again", async () => {
    await grace.reload();
    await grace.getByRole("button", { name: "Sign in" }).click();
    await grace
      .getByRole("button", { name: new RegExp(people[0].displayName) })
      .first()
      .click();
    expect(await grace.locator("li.own p").allTextContents()).toEqual(["Yes."]);
  });

  it.each(colours)("is accessible and fits in %s colours", async (name, media) => {
    await grace.emulateMedia(media);
    expect(await grace.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(await accessibilityViolations(grace)).toEqual([]);
    await screenshot(grace, environment.chatScreenshot, `-${name}`);
  });
});
