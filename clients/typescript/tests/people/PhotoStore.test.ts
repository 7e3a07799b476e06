import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PhotoStore } from "../../src/people/PhotoStore.js";
import type { HttpAnswer } from "../../src/people/PeopleApi.js";

const image = (type = "image/jpeg", bytes = 3): HttpAnswer => ({
  response: new Response(new Uint8Array(bytes), { headers: { "Content-Type": type } }),
});

describe("PhotoStore", () => {
  let paths: string[];
  let answer: () => HttpAnswer | Promise<HttpAnswer>;
  let photos: PhotoStore;
  const live = new Set<string>();

  beforeEach(() => {
    let urls = 0;
    live.clear();
    vi.spyOn(URL, "createObjectURL").mockImplementation(() => {
      const url = `blob:${++urls}`;
      live.add(url);
      return url;
    });
    vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => void live.delete(url));
    paths = [];
    answer = () => image();
    photos = new PhotoStore({
      get: (path) => {
        paths.push(path);
        return Promise.resolve(answer());
      },
    });
  });

  afterEach(() => vi.restoreAllMocks());

  it("loads a photo once for all who show it", async () => {
    const [first, second] = await Promise.all([photos.take("a", 48), photos.take("a", 48)]);
    expect(first?.url).toBe("blob:1");
    expect(second?.url).toBe("blob:1");
    expect(paths).toEqual(["/a/photo?size=48"]);
  });

  it.each([
    ["text", () => image("text/html")],
    ["an SVG, which can hold a script", () => image("image/svg+xml")],
    ["nothing", () => image("image/png", 0)],
    ["more than a photo has", () => image("image/png", 1_000_001)],
    ["a refusal", (): HttpAnswer => ({ problem: "notFound" })],
  ])("takes %s for no photo", async (_, given) => {
    answer = given;
    expect(await photos.take("a", 48)).toBeUndefined();
    expect(live.size).toBe(0);
  });

  it("asks again for a photo that could not be read, and not for one that is not there", async () => {
    answer = () => ({ problem: "unavailable" });
    expect(await photos.take("a", 48)).toBeUndefined();
    answer = () => ({ problem: "notFound" });
    expect(await photos.take("a", 48)).toBeUndefined();
    expect(await photos.take("a", 48)).toBeUndefined();
    expect(paths).toHaveLength(2);
  });

  it("revokes the photo that was not shown for longest when it is full, and never one that is shown", async () => {
    const leases = [];
    for (let person = 0; person < 300; person++) {
      leases.push(await photos.take(String(person), 48));
    }
    expect(await photos.take("one more", 48)).toBeUndefined();
    expect(live.size).toBe(300);

    leases[7]?.release();
    leases[7]?.release();
    expect((await photos.take("one more", 48))?.url).toBe("blob:301");
    expect(live.has("blob:8")).toBe(false);
    expect(live.size).toBe(300);
  });

  it("loads six at a time", async () => {
    const waiting: ((value: HttpAnswer) => void)[] = [];
    answer = () => new Promise((resolve) => waiting.push(resolve));
    const taken = Promise.all(Array.from({ length: 10 }, (_, person) => photos.take(String(person), 96)));
    await vi.waitFor(() => expect(paths).toHaveLength(6));
    waiting.splice(0).forEach((resolve) => resolve(image()));
    await vi.waitFor(() => expect(paths).toHaveLength(10));
    waiting.forEach((resolve) => resolve(image()));
    expect(new Set((await taken).map((lease) => lease?.url)).size).toBe(10);
  });

  it("revokes all when it is cleared", async () => {
    await photos.take("a", 48);
    photos.clear();
    await vi.waitFor(() => expect(live.size).toBe(0));
  });
});
