import { counter } from "./counter.js";
import type { Texts } from "./Texts.js";

const n = counter("fr");

export const fr: Texts = {
  page: {
    title: "Tableau de présence",
    skip: "Aller aux personnes",
    heading: "Présence",
    starting: "Démarrage…",
    search: "Rechercher un nom ou un service",
    department: "Service",
    filterByPresence: "Filtrer par présence",
    exactTimes: "Heures exactes",
    pages: "Pages",
    previous: "Précédente",
    next: "Suivante",
    tokenHeading: "Se connecter à votre locataire",
    tokenIntroduction:
      "Ce hub dessert un vrai locataire Microsoft 365. Le tableau a donc besoin d'un jeton d'accès accepté par le " +
      "hub. Choisissez des personnes, un service ou toute l’entreprise.",
    token: "Jeton d'accès",
    kinds: "Qui afficher",
    kindFind: "Des personnes, par nom ou identifiant",
    kindDepartment: "Un service",
    kindAll: "Toute l’entreprise",
    find: "Nom à rechercher",
    ids: "Personnes, une par ligne : l'identifiant d'objet, puis un nom si vous le souhaitez",
    listDepartment: "Service, tel qu’il figure dans l’annuaire",
    show: "Afficher la présence",
    signIn: "Se connecter",
    choose: "Afficher d’autres personnes",
    tokenHint: "Le jeton reste dans la mémoire de cette page et n'est envoyé qu'à ce hub.",
    noMatch: "Aucune personne ne correspond.",
    clearFilters: "Effacer les filtres",
  },

  allDepartments: "Tous les services",
  noDepartment: "Personnes",
  people: (count) => (count < 2 ? `${n(count)} personne` : `${n(count)} personnes`),
  peopleOf: (shown, all) => `${n(shown)} sur ${n(all)} personnes`,
  peopleShown: (count) => (count < 2 ? `${n(count)} personne affichée` : `${n(count)} personnes affichées`),
  availableOf: (available, all) => `${n(available)} sur ${n(all)} disponibles`,
  pageOf: (page, count) => `Page ${n(page)} sur ${n(count)}, avec présence et nombres de cette page`,
  staleCount: (count) => (count < 2 ? `${n(count)} non confirmée` : `${n(count)} non confirmées`),
  stale: "Non confirmée",

  waiting: "En attente de présence",
  noPresence: "Aucune présence connue",
  since: (instant) => `depuis ${instant}`,
  lastConfirmed: (instant) => `dernière confirmation ${instant}`,
  rejected: {
    notVisible: "Non visible pour vous",
    invalidId: "Identifiant non valide",
    limitExceeded: "Au-delà de la limite de cette connexion",
  },

  live: "En direct",
  connectedButStale: "Connecté, mais certaines présences ne sont pas confirmées",
  connecting: "Connexion…",
  reconnecting: "Reconnexion, dernière présence connue affichée…",
  notConnected: "Non connecté",
  unauthorized: "Connexion refusée, nouvel essai…",
  tokenExpired: "Session expirée, nouvelle connexion…",
  limitExceeded: "Cette page est ouverte trop souvent. Fermez-en une autre ; nouvel essai chaque minute…",
  invalidRequest: "Cette page ne convient pas au hub. Rechargez-la ; nouvel essai chaque minute…",

  chooseHeading: "Qui voulez-vous voir ?",
  chooseIntroduction: "Choisissez des personnes, un service ou toute l’entreprise.",
  nothingChosen: "Saisissez un nom ou des identifiants d’objet.",
  noDepartmentChosen: "Saisissez un service.",
  signingIn: "Connexion en cours…",
  signInFailed: (reason) => `La connexion n’a donné aucun accès à ce hub : ${reason}`,
  searching: "Recherche…",
  mostFound: (count) => `Une recherche affiche ${n(count)} personnes au plus.`,
  foundNoOne: (search) => `Le hub ne trouve sous « ${search} » personne que vous puissiez voir.`,
  searchNotSupported:
    "Ce hub ne peut pas rechercher de personnes : il lui faut l’autorisation User.ReadBasic.All. Saisissez " +
    "des identifiants.",
  searchFailed: "Le hub ne peut pas rechercher pour le moment. Réessayez plus tard, ou saisissez des identifiants.",
  listing: (count) => `Lecture de la liste, ${n(count)} jusqu’ici…`,
  departmentIsEmpty: (department) =>
    `Le hub ne trouve dans le service « ${department} » personne que vous puissiez voir.`,
  companyIsEmpty: "Le hub ne trouve personne que vous puissiez voir.",
  departmentNotSupported:
    "Ce hub ne peut pas lister les services : il lui faut l’autorisation User.Read.All. Choisissez des personnes " +
    "autrement.",
  listFailed:
    "Le hub ne peut pas lister de personnes pour le moment. Réessayez plus tard, ou choisissez des personnes autrement.",
  firstListed: (count) => `Il y a d’autres personnes. Les ${n(count)} premières par nom sont affichées.`,
  partListed: (count) => `Le hub n’a pas répondu pour toute la liste. Personnes affichées : ${n(count)}.`,

  pasteAfterExpiry: "Le jeton d'accès a expiré. Collez-en un nouveau.",
  pasteAfterRefusal: (reason) => `Le hub refuse ce jeton d'accès (${reason}). Collez-en un autre.`,
  unreadableLines: (lines) => `Ces lignes ne commencent pas par un identifiant d'objet : ${lines}`,
};
