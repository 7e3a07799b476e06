import type { TokenRequest } from "@presencehub/client";
import type { Directory } from "../people/Person.js";

/** A signed-in user. */
export interface Session {
  readonly userId: string;
  readonly directory: Directory;
  readonly presenceToken: (request: TokenRequest) => Promise<string>;
  readonly chatToken: () => Promise<string>;
}
