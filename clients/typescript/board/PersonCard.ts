import { activityLabel, presenceState, stateLabel, type PresenceEntry, type RejectionReason } from "../src/index.js";
import { Badge } from "./badge.js";
import { element, setText } from "../pages/common/dom.js";
import { hue, initials, searchText, type Person } from "./Person.js";
import { describeInstant, describeInstantFully, type TimeStyle } from "./presenceText.js";
import { texts } from "./texts/index.js";

const avatarHues = 8;
const highlightMs = 2_000;

/** One person's card. An update touches only what differs. */
export class PersonCard {
  readonly root: HTMLLIElement;
  readonly searchText: string;
  entry: PresenceEntry | undefined;

  private readonly avatarBadge = new Badge("badge", "unknown");
  private readonly label = element("span", "label", texts.waiting);
  private readonly activity = element("span", "activity");
  private readonly since = element("time", "since");
  private readonly freshness = element("span", "freshness");
  private readonly confirmed = element("span", "confirmed");
  private highlighting: ReturnType<typeof setTimeout> | undefined;

  /** @param times Read at each update, so that all cards can share it. */
  constructor(
    readonly person: Person,
    private readonly times: Readonly<TimeStyle> = { exact: false },
  ) {
    const avatar = element("span", "avatar", initials(person.displayName), this.avatarBadge.element);
    avatar.setAttribute("aria-hidden", "true");
    avatar.dataset["hue"] = String(hue(person.id, avatarHues));

    const name = element("span", "name", person.displayName);
    name.title = person.displayName;
    this.root = element(
      "li",
      "card",
      avatar,
      element("span", "who", name, element("span", "department", person.department)),
      element("span", "presence", this.label, this.activity),
      element("span", "meta", this.since, this.confirmed),
      this.freshness,
    );
    this.root.dataset["subjectId"] = person.id;
    this.root.dataset["freshness"] = "unknown";
    this.root.dataset["state"] = "unknown";
    this.searchText = searchText(person);
  }

  get state() {
    return presenceState(this.entry);
  }

  get stale(): boolean {
    return this.entry?.freshness === "stale";
  }

  update(entry: PresenceEntry, now: Date): void {
    const previous = this.entry;
    this.entry = entry;
    const { dataset } = this.root;
    dataset["availability"] = entry.availability;
    dataset["freshness"] = entry.freshness;
    dataset["revision"] = String(entry.revision);
    dataset["state"] = this.state;

    this.avatarBadge.show(this.state);
    setText(this.label, entry.freshness === "unknown" ? texts.noPresence : stateLabel(this.state));
    setText(this.activity, activityLabel(entry));
    this.updateTimes(now);
    if (previous && (previous.availability !== entry.availability || previous.activity !== entry.activity)) {
      this.highlight();
    }
  }

  /** Times are written relative to the day, so they change when the day does. */
  updateTimes(now: Date): void {
    const { since = null, observedAt = null } = this.entry ?? {};
    setText(this.since, since === null ? "" : texts.since(this.describe(since, now)));
    if (since !== null) {
      this.since.dateTime = since;
      this.since.title = describeInstantFully(since);
    }
    setText(this.freshness, this.stale ? texts.stale : "");
    setText(
      this.confirmed,
      this.stale && observedAt !== null ? texts.lastConfirmed(this.describe(observedAt, now)) : "",
    );
  }

  reject(reason: RejectionReason): void {
    this.entry = undefined;
    const { dataset } = this.root;
    dataset["freshness"] = "unknown";
    dataset["state"] = "unknown";
    dataset["rejected"] = reason;
    delete dataset["availability"];
    delete dataset["revision"];
    this.avatarBadge.show("unknown");
    setText(this.label, texts.rejected[reason]);
    setText(this.activity, "");
    this.updateTimes(new Date());
  }

  private describe(iso: string, now: Date): string {
    return this.times.exact ? describeInstantFully(iso) : describeInstant(iso, now);
  }

  private highlight(): void {
    clearTimeout(this.highlighting);
    // Two names for one animation: changing over restarts it without forcing a layout.
    this.root.dataset["changed"] = this.root.dataset["changed"] === "a" ? "b" : "a";
    this.highlighting = setTimeout(() => delete this.root.dataset["changed"], highlightMs);
  }
}
