// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { subject } from "../FakeHub.js";
import { problem } from "../people/FakePeopleHub.js";
import { ElementPage, part, settle } from "./page.js";

const lines = (element: Element) =>
  [...(element.shadowRoot?.querySelectorAll('[part~="line"]') ?? [])].map((line) => line.textContent.trim());

describe("presence-person", () => {
  let page: ElementPage;

  beforeEach(() => {
    page = new ElementPage();
    page.configure();
  });

  afterEach(() => page.end());

  it("shows photo, name and presence of an address", async () => {
    const element = await page.show('<presence-person email="ada@example.com"></presence-person>');
    await settle();
    expect(lines(element)).toEqual(["Person ada@example.com", "Available"]);
    expect(part(element, "photo").getAttribute("src")).toMatch(/^blob:/);
    expect(part(element, "badge").getAttribute("aria-hidden")).toBe("true");
  });

  it("shows the presence of an id without waiting for the name", async () => {
    page.people.answer = () => new Promise(() => undefined);
    const element = await page.show(`<presence-person user-id="${subject(1)}"></presence-person>`);
    expect(element.getAttribute("state")).toBe("available");
    expect(lines(element)).toEqual(["Available"]);
  });

  it.each([
    ["image", []],
    ["oneline", ["Person ada@example.com"]],
    ["THREELINES", ["Person ada@example.com", "Available", "Engineer"]],
    ["fourlines", ["Person ada@example.com", "Available", "Engineer"]],
    ["constructor", ["Person ada@example.com", "Available"]],
  ])("shows the lines of the view %s", async (view, expected) => {
    const element = await page.show(`<presence-person view="${view}" email="ada@example.com"></presence-person>`);
    await settle();
    expect(lines(element)).toEqual(expected);
  });

  it("names the part of a line by its property, also after an empty line", async () => {
    const element = await page.show(
      '<presence-person view="threelines" line2-property="department" email="ada@example.com"></presence-person>',
    );
    await settle();
    expect(lines(element)).toEqual(["Person ada@example.com", "Engineer"]);
    expect(part(element, "line3").textContent.trim()).toBe("Engineer");
  });

  it("says name and presence without a line of text", async () => {
    page.people.answer = (url) => (url.pathname.endsWith("photo") ? problem(404, "") : page.people.people(url));
    const element = await page.show('<presence-person view="image" email="ada@example.com"></presence-person>');
    await settle();
    expect(part(element, "initials").getAttribute("aria-label")).toBe("Person ada@example.com");
    expect(part(element, "badge").getAttribute("aria-label")).toBe("Available");
  });

  it("shows initials when the photo is no image or cannot be drawn", async () => {
    const element = await page.show('<presence-person email="ada@example.com"></presence-person>');
    await settle();
    part(element, "photo").dispatchEvent(new Event("error"));
    await settle();
    expect(part(element, "initials").textContent.trim()).toBe("PC");

    page.people.answer = (url) =>
      url.pathname.endsWith("photo")
        ? new Response("<svg/>", { headers: { "Content-Type": "text/html" } })
        : page.people.people(url);
    element.setAttribute("email", "bob@example.com");
    await settle();
    expect(element.shadowRoot?.querySelector("img")).toBeNull();
    expect(page.warnings).toEqual([]);
  });

  it("shows given details and no presence for them, and fallback details for a person who is not found", async () => {
    const given = await page.show(
      `<presence-person person-details='{"displayName":"Ada Lovelace"}'></presence-person>`,
    );
    expect(lines(given)).toEqual(["Ada Lovelace"]);
    expect(given.shadowRoot?.querySelector('[part~="badge"]')).toBeNull();
    expect(page.warnings).toEqual([]);

    const missing = await page.show(
      `<presence-person email="no@elsewhere.com" fallback-details='{"displayName":"A guest"}'></presence-person>`,
    );
    expect(lines(missing)[0]).toBe("A guest");
    expect(missing.getAttribute("state")).toBe("problem");
  });

  it("shows details that a page sets after the element, without an id and without a problem", async () => {
    const element = await page.show("<presence-person></presence-person>");
    expect(element.getAttribute("state")).toBe("problem");
    Object.assign(element, { personDetails: { displayName: "Ada Lovelace" } });
    await settle();
    expect(element.getAttribute("state")).toBe("unknown");
    expect(lines(element)).toEqual(["Ada Lovelace"]);
  });

  it("reports details that are no JSON once", async () => {
    const element = await page.show(
      `<presence-person person-details="Ada" email="ada@example.com"></presence-person>`.repeat(2),
    );
    await settle();
    expect(lines(element)[0]).toBe("Person ada@example.com");
    expect(page.warnings).toHaveLength(1);
  });

  it("shows person and photo after an outage of the people API", async () => {
    page.people.answer = () => problem(503, "busy");
    const element = await page.show('<presence-person email="ada@example.com"></presence-person>');
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(element.getAttribute("state")).toBe("problem");
    page.people.answer = (url) => (url.pathname.endsWith("photo") ? problem(500, "") : page.people.people(url));
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await settle();
    expect(element.getAttribute("state")).toBe("available");
    expect(lines(element)).toEqual(["Person ada@example.com", "Available"]);
    expect(element.shadowRoot?.querySelector("img")).toBeNull();
    page.people.answer = (url) => page.people.people(url);
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    await settle();
    expect(part(element, "photo").getAttribute("src")).toMatch(/^blob:/);
  });

  it("gives the photo back when it leaves the document", async () => {
    const revoke = vi.spyOn(URL, "revokeObjectURL");
    const element = await page.show('<presence-person email="ada@example.com"></presence-person>');
    await settle();
    element.remove();
    document.body.append(element);
    await settle();
    expect(part(element, "photo").getAttribute("src")).toMatch(/^blob:/);
    expect(page.people.requests.filter(({ pathname }) => pathname.endsWith("photo"))).toHaveLength(1);
    expect(revoke).not.toHaveBeenCalled();
  });

  it("hides presence and chooses lines by attribute", async () => {
    const element = await page.show(
      '<presence-person hide-presence line2-property="email" email="ada@example.com"></presence-person>',
    );
    await settle();
    expect(lines(element)).toEqual(["Person ada@example.com", "ada@example.com"]);
    expect(element.shadowRoot?.querySelector('[part~="badge"]')).toBeNull();
  });
});
