type Answer = (url: URL, init: RequestInit | undefined) => Response | Promise<Response>;

/** The people API of a hub, as `fetch` sees it. All addresses of `example.com` exist. */
export class FakePeopleHub {
  readonly requests: URL[] = [];
  readonly tokens: (string | null)[] = [];
  answer: Answer = (url) => this.people(url);

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    this.requests.push(url);
    this.tokens.push(new Headers(init?.headers).get("Authorization"));
    return this.answer(url, init);
  };

  /** The people of lists, in their order. */
  listed: string[] = [];

  people(url: URL): Response {
    if (url.pathname.endsWith("/photo")) {
      return new Response(new Uint8Array([1, 2, 3]), { headers: { "Content-Type": "image/png" } });
    }
    const keys = (url.searchParams.get("emails") ?? url.searchParams.get("ids") ?? "").split(",").filter(Boolean);
    if (url.searchParams.has("all") || url.searchParams.has("department")) {
      return this.list(url);
    }
    const search = url.searchParams.get("search");
    const isKnown = (key: string) => !key.includes("@") || key.endsWith("@example.com");
    const people = keys.filter(isKnown).map((key) => ({ key, ...person(key) }));
    const rejected = keys.filter((key) => !isKnown(key)).map((key) => ({ key, reason: "notVisible" }));
    return Response.json({ people: search === null ? people : [person(search)], rejected });
  }

  /** `after` is where the page begins. */
  private list(url: URL): Response {
    const begin = Number(url.searchParams.get("after") ?? 0);
    const end = begin + Number(url.searchParams.get("top"));
    const people = this.listed.slice(begin, end).map((key) => ({ key, ...person(key) }));
    return Response.json({ people, rejected: [], next: end < this.listed.length ? String(end) : null });
  }
}

/** A person whose id follows from the key. */
export function person(key: string) {
  let hash = 7;
  for (const character of key) {
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  }
  const id = key.includes("-") ? key : `${hash.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
  return { id, displayName: `Person ${key}`, mail: key.includes("@") ? key : null, jobTitle: "Engineer" };
}

export function problem(status: number, detail: string, headers: Record<string, string> = {}): Response {
  return Response.json({ status, detail }, { status, headers });
}
