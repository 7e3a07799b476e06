import type { PeopleApi } from "./PeopleApi.js";

/** Pixels of a side, as the hub offers them. */
export type PhotoSize = 48 | 96;

/** A photo that stays valid until it is released. */
export interface PhotoLease {
  /** A `blob:` URL. */
  readonly url: string;
  /** A second call does nothing. */
  release(): void;
}

interface Photo {
  readonly url: Promise<string | undefined>;
  leases: number;
}

const maxPhotos = 300;
const maxRequests = 6;
const maxBytes = 1_000_000;
/** What browsers decode without running anything: an SVG may hold scripts and references. */
const imageType = /^image\/(png|jpe?g|webp|gif|avif|bmp)\b/i;

/**
 * Photos as `blob:` URLs. At most 300 are held: a photo that no element shows is revoked for another one, and beyond
 * that there are no more photos.
 */
export class PhotoStore {
  private readonly photos = new Map<string, Photo>();
  private readonly queue: (() => void)[] = [];
  private running = 0;

  constructor(private readonly api: Pick<PeopleApi, "get">) {}

  async take(id: string, size: PhotoSize): Promise<PhotoLease | undefined> {
    const key = `${id}/${size}`;
    const photo = this.photos.get(key) ?? this.add(key, id, size);
    if (!photo) {
      return undefined;
    }
    this.touch(key, photo);
    photo.leases++;
    const url = await photo.url;
    if (url === undefined) {
      photo.leases--;
      return undefined;
    }
    let released = false;
    const release = () => {
      photo.leases -= released ? 0 : 1;
      released = true;
    };
    return { url, release };
  }

  clear(): void {
    [...this.photos.keys()].forEach((key) => this.remove(key));
    this.queue.splice(0).forEach((start) => start());
  }

  private add(key: string, id: string, size: PhotoSize): Photo | undefined {
    if (this.photos.size >= maxPhotos) {
      const unused = [...this.photos].find(([, photo]) => photo.leases === 0)?.[0];
      if (unused === undefined) {
        return undefined;
      }
      this.remove(unused);
    }
    const failed = () => (this.photos.get(key) === photo ? this.photos.delete(key) : undefined);
    const photo: Photo = { url: this.load(id, size, failed), leases: 0 };
    this.photos.set(key, photo);
    return photo;
  }

  /** Moves the photo to the end of the map: the first ones are those that were used least recently. */
  private touch(key: string, photo: Photo): void {
    this.photos.delete(key);
    this.photos.set(key, photo);
  }

  private remove(key: string): void {
    const photo = this.photos.get(key);
    this.photos.delete(key);
    void photo?.url.then((url) => {
      if (url !== undefined) {
        URL.revokeObjectURL(url);
      }
    });
  }

  /** @param failed Called when it is not known whether there is a photo, so that the next one who asks loads it. */
  private async load(id: string, size: PhotoSize, failed: () => void): Promise<string | undefined> {
    await this.slot();
    try {
      const { response, problem } = await this.api.get(`/${encodeURIComponent(id)}/photo?size=${size}`);
      if (problem === "unavailable") {
        failed();
      }
      const blob =
        response && imageType.test(response.headers.get("Content-Type") ?? "") ? await response.blob() : null;
      return blob && blob.size > 0 && blob.size <= maxBytes ? URL.createObjectURL(blob) : undefined;
    } catch {
      // The connection was lost within the body.
      failed();
      return undefined;
    } finally {
      this.running--;
      this.queue.shift()?.();
    }
  }

  private async slot(): Promise<void> {
    if (this.running >= maxRequests) {
      await new Promise<void>((resolve) => this.queue.push(resolve));
    }
    this.running++;
  }
}
