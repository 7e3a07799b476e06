import type { PresenceLabels } from "./PresenceLabels.js";

export const fr: PresenceLabels = {
  states: {
    available: "disponible",
    busy: "occupé(e)",
    doNotDisturb: "ne pas déranger",
    beRightBack: "de retour bientôt",
    away: "absent(e)",
    outOfOffice: "absent(e) du bureau",
    offline: "hors ligne",
    unknown: "statut inconnu",
  },
  activities: {
    focusing: "se concentre",
    inACall: "en communication",
    inAConferenceCall: "en conférence téléphonique",
    inactive: "sans activité",
    inAMeeting: "en réunion",
    offWork: "en dehors des heures de travail",
    presenting: "en présentation",
    urgentInterruptionsOnly: "interruptions urgentes uniquement",
  },
  stale: "peut-être obsolète",
};
