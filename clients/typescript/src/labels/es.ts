import type { PresenceLabels } from "./PresenceLabels.js";

export const es: PresenceLabels = {
  states: {
    available: "disponible",
    busy: "ocupado",
    doNotDisturb: "no molestar",
    beRightBack: "vuelvo enseguida",
    away: "ausente",
    outOfOffice: "fuera de la oficina",
    offline: "sin conexión",
    unknown: "estado desconocido",
  },
  activities: {
    focusing: "concentrándose",
    inACall: "en una llamada",
    inAConferenceCall: "en una conferencia telefónica",
    inactive: "sin actividad",
    inAMeeting: "en una reunión",
    offWork: "fuera del horario laboral",
    presenting: "presentando",
    urgentInterruptionsOnly: "solo interrupciones urgentes",
  },
  stale: "puede no estar actualizado",
};
