import type { PresenceLabels } from "./PresenceLabels.js";

export const de: PresenceLabels = {
  states: {
    available: "verfügbar",
    busy: "beschäftigt",
    doNotDisturb: "nicht stören",
    beRightBack: "bin gleich zurück",
    away: "abwesend",
    outOfOffice: "außer Haus",
    offline: "offline",
    unknown: "Status unbekannt",
  },
  activities: {
    focusing: "konzentriert",
    inACall: "in einem Anruf",
    inAConferenceCall: "in einer Telefonkonferenz",
    inactive: "inaktiv",
    inAMeeting: "in einer Besprechung",
    offWork: "nicht bei der Arbeit",
    presenting: "präsentiert",
    urgentInterruptionsOnly: "nur dringende Unterbrechungen",
  },
  stale: "möglicherweise veraltet",
};
