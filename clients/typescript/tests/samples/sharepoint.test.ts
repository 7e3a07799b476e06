import { expect, it } from "vitest";
import { HubTarget } from "../../../samples/sharepoint-web-part/src/HubTarget.js";

it("the SharePoint sample ends its connection when the hub changes or its address is cleared", () => {
  const stopped: string[] = [];
  const target = new HubTarget((hub, resource) => ({
    stop: () => {
      stopped.push(`${hub} of ${resource}`);
      return Promise.resolve();
    },
  }));
  expect(target.set("hub1", "api")).toBe(true);
  const first = target.current;
  target.set("hub1", "api");
  expect(target.current).toBe(first);
  target.set("hub2", "api");
  expect(stopped).toEqual(["hub1 of api"]);
  expect(target.set("", "api")).toBe(false);
  expect(target.current).toBeUndefined();
  expect(stopped).toEqual(["hub1 of api", "hub2 of api"]);
  expect(target.set("hub2", "api")).toBe(true);
  expect(target.current).toBeDefined();
});
