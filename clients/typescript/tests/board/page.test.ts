// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { loadPage } from "./page.js";

describe("the page", () => {
  beforeEach(loadPage);

  it("has neither inline scripts nor styles nor outside resources", () => {
    expect(document.querySelector("script:not([src]), style, [style], [onclick]")).toBeNull();
    const addresses = [...document.querySelectorAll("[src], [href]")].map(
      (node) => node.getAttribute("src") ?? node.getAttribute("href"),
    );
    expect(addresses.filter((address) => /^(https?:)?\/\//.test(address ?? ""))).toEqual([]);
  });
});
