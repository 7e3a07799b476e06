import type { PresenceLabels } from "./PresenceLabels.js";

export const en: PresenceLabels = {
  states: {
    available: "available",
    busy: "busy",
    doNotDisturb: "do not disturb",
    beRightBack: "be right back",
    away: "away",
    outOfOffice: "out of office",
    offline: "offline",
    unknown: "status unknown",
  },
  activities: {
    focusing: "focusing",
    inACall: "in a call",
    inAConferenceCall: "in a conference call",
    inactive: "inactive",
    inAMeeting: "in a meeting",
    offWork: "off work",
    presenting: "presenting",
    urgentInterruptionsOnly: "urgent interruptions only",
  },
  stale: "may be out of date",
};
