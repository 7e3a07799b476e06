// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { byId } from "../../pages/common/dom.js";
import { parsePeople, SignInForm } from "../../board/SignInForm.js";
import { subject } from "../FakeHub.js";
import { chooseKind, loadPage } from "./page.js";

describe("SignInForm", () => {
  beforeEach(loadPage);

  it("reads ids with and without names, in any case, once each", () => {
    const text = `${subject(1)} Ada Lovelace\n\n${subject(2).toUpperCase()}\n${subject(1)}; Ada L\nno-guid`;
    expect(parsePeople(text)).toEqual({
      people: [
        { id: subject(1), displayName: "Ada L", department: "" },
        { id: subject(2), displayName: "00000002", department: "" },
      ],
      unreadable: ["no-guid"],
    });
  });

  it("hands over the token and the people, and says what it cannot read", () => {
    const onSubmit = vi.fn();
    new SignInForm(onSubmit).show();
    const form = byId("sign-in", HTMLFormElement);
    byId("token", HTMLInputElement).value = " a.b.c ";
    byId("ids", HTMLTextAreaElement).value = "no-guid";
    form.dispatchEvent(new Event("submit", { cancelable: true }));
    expect(onSubmit).not.toHaveBeenCalled();
    expect(byId("sign-in-problem", HTMLElement).textContent).toContain("no-guid");

    byId("ids", HTMLTextAreaElement).value = subject(1);
    form.dispatchEvent(new Event("submit", { cancelable: true }));
    const people = [expect.objectContaining({ id: subject(1) })];
    expect(onSubmit).toHaveBeenCalledWith({ token: "a.b.c", query: undefined, people });
    expect(form.hidden).toBe(true);
  });

  it("takes a search instead of ids, and says when there is neither", () => {
    const onSubmit = vi.fn();
    const form = new SignInForm(onSubmit);
    form.useSession(() => undefined);
    form.show();
    byId("sign-in", HTMLFormElement).dispatchEvent(new Event("submit", { cancelable: true }));
    expect(onSubmit).not.toHaveBeenCalled();
    expect(byId("sign-in-problem", HTMLElement).textContent).toContain("Enter a name");
    byId("find", HTMLInputElement).value = " Lovelace ";
    byId("sign-in", HTMLFormElement).dispatchEvent(new Event("submit", { cancelable: true }));
    expect(onSubmit).toHaveBeenCalledWith({ token: "", query: { kind: "find", text: "Lovelace" }, people: [] });
    expect(byId("token-field", HTMLElement).hidden).toBe(true);
  });

  it("takes a department or the whole company, and shows only the fields that count", () => {
    const onSubmit = vi.fn();
    const form = new SignInForm(onSubmit);
    form.useSession(() => undefined);
    form.show();
    const shown = () => ["find-fields", "department-field"].filter((id) => !byId(id, HTMLElement).hidden);
    expect(shown()).toEqual(["find-fields"]);
    byId("find", HTMLInputElement).value = "Ada";
    byId("ids", HTMLTextAreaElement).value = "no-guid";

    chooseKind("department");
    expect(shown()).toEqual(["department-field"]);
    byId("sign-in", HTMLFormElement).dispatchEvent(new Event("submit", { cancelable: true }));
    expect(byId("sign-in-problem", HTMLElement).textContent).toContain("Enter a department");
    byId("list-department", HTMLInputElement).value = " Sales ";
    byId("sign-in", HTMLFormElement).dispatchEvent(new Event("submit", { cancelable: true }));
    expect(onSubmit).toHaveBeenLastCalledWith({ token: "", query: { kind: "department", text: "Sales" }, people: [] });

    chooseKind("all");
    expect(shown()).toEqual([]);
    byId("sign-in", HTMLFormElement).dispatchEvent(new Event("submit", { cancelable: true }));
    expect(onSubmit).toHaveBeenLastCalledWith({ token: "", query: { kind: "all" }, people: [] });
  });

  it("asks again without the token that was refused, and keeps the people", () => {
    const form = new SignInForm(vi.fn());
    byId("token", HTMLInputElement).value = "a.b.c";
    byId("ids", HTMLTextAreaElement).value = subject(1);
    form.askAgain("Paste another one.");
    expect(byId("token", HTMLInputElement).value).toBe("");
    expect(byId("ids", HTMLTextAreaElement).value).toBe(subject(1));
    expect(byId("sign-in-problem", HTMLElement).textContent).toBe("Paste another one.");
    expect(byId("sign-in", HTMLFormElement).hidden).toBe(false);
  });
});
