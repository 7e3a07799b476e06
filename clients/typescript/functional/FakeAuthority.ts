import type { Page, Route } from "playwright-core";

/** The identity provider of a tenant, as a browser sees it: everyone is signed in without a question. */
export class FakeAuthority {
  static readonly url = "https://login.example.com/tenant";
  /** The addresses that the browser has asked for. */
  readonly requests: string[] = [];
  private nonce = "";

  /** @param accessToken What the token endpoint gives. */
  constructor(
    private readonly clientId: string,
    private readonly accessToken: string,
  ) {}

  async serve(page: Page): Promise<void> {
    await page.route("https://login.example.com/**", (route) => this.answer(route));
  }

  private async answer(route: Route): Promise<void> {
    const { origin, pathname, searchParams } = new URL(route.request().url());
    this.requests.push(pathname);
    if (pathname.endsWith("/openid-configuration")) {
      const endpoint = (name: string) => `${origin}/tenant/oauth2/v2.0/${name}`;
      await json(route, {
        issuer: `${FakeAuthority.url}/v2.0`,
        authorization_endpoint: endpoint("authorize"),
        token_endpoint: endpoint("token"),
        end_session_endpoint: endpoint("logout"),
        jwks_uri: endpoint("keys"),
      });
    } else if (pathname.endsWith("/authorize")) {
      this.nonce = searchParams.get("nonce") ?? "";
      const answer = new URLSearchParams({ code: "code", state: searchParams.get("state") ?? "" });
      await route.fulfill({ status: 302, headers: { Location: `${searchParams.get("redirect_uri")}#${answer}` } });
    } else {
      await json(route, this.tokens(new URLSearchParams(route.request().postData() ?? "")));
    }
  }

  private tokens(request: URLSearchParams): object {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      aud: this.clientId,
      iss: `${FakeAuthority.url}/v2.0`,
      iat: now,
      nbf: now,
      exp: now + 3_600,
      nonce: this.nonce,
      oid: "ada",
      sub: "ada",
      tid: "tenant",
      preferred_username: "ada@example.com",
    };
    return {
      token_type: "Bearer",
      scope: request.get("scope"),
      expires_in: 3_600,
      access_token: this.accessToken,
      id_token: [{ alg: "none" }, claims].map(encode).join(".") + ".",
      refresh_token: "refresh",
      client_info: encode({ uid: "ada", utid: "tenant" }),
    };
  }
}

function json(route: Route, body: object): Promise<void> {
  return route.fulfill({ json: body, headers: { "Access-Control-Allow-Origin": "*" } });
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
