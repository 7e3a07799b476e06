import { counter } from "./counter.js";
import type { Texts } from "./Texts.js";

const n = counter("de");

export const de: Texts = {
  page: {
    title: "Präsenz-Board",
    skip: "Zu den Personen springen",
    heading: "Präsenz",
    starting: "Wird gestartet…",
    search: "Name oder Abteilung suchen",
    department: "Abteilung",
    filterByPresence: "Nach Präsenz filtern",
    exactTimes: "Genaue Zeiten",
    pages: "Seiten",
    previous: "Zurück",
    next: "Weiter",
    tokenHeading: "Mit Ihrem Mandanten verbinden",
    tokenIntroduction:
      "Dieser Hub bedient einen echten Microsoft-365-Mandanten. Das Board braucht daher ein Zugriffstoken, das der " +
      "Hub annimmt. Wählen Sie Personen, eine Abteilung oder das ganze Unternehmen.",
    token: "Zugriffstoken",
    kinds: "Wer angezeigt wird",
    kindFind: "Personen nach Name oder ID",
    kindDepartment: "Eine Abteilung",
    kindAll: "Das ganze Unternehmen",
    find: "Name, nach dem gesucht wird",
    ids: "Personen, eine pro Zeile: die Objekt-ID, dann nach Belieben ein Name",
    listDepartment: "Abteilung, wie sie im Verzeichnis steht",
    show: "Präsenz anzeigen",
    signIn: "Anmelden",
    choose: "Andere Personen anzeigen",
    tokenHint: "Das Token bleibt im Speicher dieser Seite und wird nur an diesen Hub gesendet.",
    noMatch: "Keine Person entspricht den Filtern.",
    clearFilters: "Filter löschen",
  },

  allDepartments: "Alle Abteilungen",
  noDepartment: "Personen",
  people: (count) => (count === 1 ? "1 Person" : `${n(count)} Personen`),
  peopleOf: (shown, all) => `${n(shown)} von ${n(all)} Personen`,
  peopleShown: (count) => (count === 1 ? "1 Person wird angezeigt" : `${n(count)} Personen werden angezeigt`),
  availableOf: (available, all) => `${n(available)} von ${n(all)} verfügbar`,
  pageOf: (page, count) => `Seite ${n(page)} von ${n(count)}, mit Präsenz und Anzahlen dieser Seite`,
  staleCount: (count) => `${n(count)} veraltet`,
  stale: "Veraltet",

  waiting: "Präsenz wird geladen",
  noPresence: "Keine Präsenz bekannt",
  since: (instant) => `seit ${instant}`,
  lastConfirmed: (instant) => `zuletzt bestätigt ${instant}`,
  rejected: {
    notVisible: "Für Sie nicht sichtbar",
    invalidId: "Keine gültige ID",
    limitExceeded: "Über dem Limit dieser Verbindung",
  },

  live: "Live",
  connectedButStale: "Verbunden, aber manche Präsenz ist veraltet",
  connecting: "Verbindung wird hergestellt…",
  reconnecting: "Verbindung wird wiederhergestellt, letzte bekannte Präsenz…",
  notConnected: "Nicht verbunden",
  unauthorized: "Anmeldung abgelehnt, neuer Versuch…",
  tokenExpired: "Anmeldung abgelaufen, erneute Anmeldung…",
  limitExceeded: "Diese Seite ist zu oft geöffnet. Schließen Sie eine andere; jede Minute folgt ein neuer Versuch…",
  invalidRequest: "Diese Seite passt nicht zum Hub. Laden Sie sie neu; jede Minute folgt ein neuer Versuch…",

  chooseHeading: "Wen möchten Sie sehen?",
  chooseIntroduction: "Wählen Sie Personen, eine Abteilung oder das ganze Unternehmen.",
  nothingChosen: "Geben Sie einen Namen oder Objekt-IDs ein.",
  noDepartmentChosen: "Geben Sie eine Abteilung ein.",
  signingIn: "Anmeldung läuft…",
  signInFailed: (reason) => `Die Anmeldung gab keinen Zugriff auf diesen Hub: ${reason}`,
  searching: "Suche läuft…",
  mostFound: (count) => `Eine Suche zeigt höchstens ${n(count)} Personen.`,
  foundNoOne: (search) => `Der Hub findet unter „${search}“ niemanden, den Sie sehen dürfen.`,
  searchNotSupported:
    "Dieser Hub darf keine Personen suchen: ihm fehlt die Berechtigung User.ReadBasic.All. Geben Sie Objekt-IDs ein.",
  searchFailed: "Der Hub kann gerade nicht suchen. Versuchen Sie es später noch einmal, oder geben Sie Objekt-IDs ein.",
  listing: (count) => `Die Liste wird gelesen, bisher ${n(count)}…`,
  departmentIsEmpty: (department) => `Der Hub findet in der Abteilung „${department}“ niemanden, den Sie sehen dürfen.`,
  companyIsEmpty: "Der Hub findet niemanden, den Sie sehen dürfen.",
  departmentNotSupported:
    "Dieser Hub darf keine Abteilungen auflisten: ihm fehlt die Berechtigung User.Read.All. Wählen Sie Personen auf " +
    "andere Weise.",
  listFailed:
    "Der Hub kann gerade keine Personen auflisten. Versuchen Sie es später noch einmal, oder wählen Sie Personen auf " +
    "andere Weise.",
  firstListed: (count) => `Es gibt weitere Personen. Angezeigt werden die ersten ${n(count)} nach Namen.`,
  partListed: (count) => `Der Hub hat nicht die ganze Liste geliefert. Angezeigt werden ${n(count)} Personen.`,

  pasteAfterExpiry: "Das Zugriffstoken ist abgelaufen. Fügen Sie ein neues ein.",
  pasteAfterRefusal: (reason) => `Der Hub lehnt dieses Zugriffstoken ab (${reason}). Fügen Sie ein anderes ein.`,
  unreadableLines: (lines) => `Diese Zeilen beginnen nicht mit einer Objekt-ID: ${lines}`,
};
