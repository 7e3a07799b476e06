import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { PeopleClient } from "../people/PeopleClient.js";
import type { PhotoLease, PhotoSize } from "../people/PhotoStore.js";

/** Holds the photo of the person that an element shows, and gives it back when the element leaves the document. */
export class PhotoController implements ReactiveController {
  private lease: PhotoLease | undefined;
  private wanted = "";
  private turn = 0;
  private endRetries: () => void = () => undefined;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  /** A `blob:` URL; undefined while there is no photo. */
  get url(): string | undefined {
    return this.lease?.url;
  }

  /** Shows this person's photo from now on; none without an id. */
  show(people: PeopleClient | undefined, id: string | undefined, size: PhotoSize): void {
    const wanted = people && id !== undefined ? `${id}/${size}` : "";
    if (wanted !== this.wanted) {
      this.release();
      this.wanted = wanted;
      if (people && id !== undefined) {
        void this.load(people, id, size);
        this.endRetries = people.onRetry(() => (this.lease ? undefined : void this.load(people, id, size)));
      }
    }
  }

  hostDisconnected(): void {
    this.release();
  }

  /** The browser cannot show the photo. */
  drop(): void {
    this.lease?.release();
    this.lease = undefined;
    this.host.requestUpdate();
  }

  private async load(people: PeopleClient, id: string, size: PhotoSize): Promise<void> {
    const turn = ++this.turn;
    const lease = await people.photo(id, size);
    if (turn !== this.turn) {
      lease?.release();
      return;
    }
    this.lease = lease;
    this.host.requestUpdate();
  }

  private release(): void {
    this.turn++;
    this.endRetries();
    this.endRetries = () => undefined;
    this.wanted = "";
    this.lease?.release();
    this.lease = undefined;
  }
}
