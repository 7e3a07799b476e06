import { counter } from "./counter.js";
import type { Texts } from "./Texts.js";

const n = counter("es");

export const es: Texts = {
  page: {
    title: "Panel de presencia",
    skip: "Ir a las personas",
    heading: "Presencia",
    starting: "Iniciando…",
    search: "Buscar nombre o departamento",
    department: "Departamento",
    filterByPresence: "Filtrar por presencia",
    exactTimes: "Horas exactas",
    pages: "Páginas",
    previous: "Anterior",
    next: "Siguiente",
    tokenHeading: "Conectar con su inquilino",
    tokenIntroduction:
      "Este hub atiende a un inquilino real de Microsoft 365. El panel necesita un token de acceso que el hub acepte. " +
      "Elija personas, un departamento o toda la empresa.",
    token: "Token de acceso",
    kinds: "A quién mostrar",
    kindFind: "Personas por nombre o identificador",
    kindDepartment: "Un departamento",
    kindAll: "Toda la empresa",
    find: "Nombre que buscar",
    ids: "Personas, una por línea: el identificador de objeto y, si quiere, un nombre",
    listDepartment: "Departamento, como figura en el directorio",
    show: "Mostrar presencia",
    signIn: "Iniciar sesión",
    choose: "Mostrar otras personas",
    tokenHint: "El token queda en la memoria de esta página y solo se envía a este hub.",
    noMatch: "Ninguna persona coincide.",
    clearFilters: "Borrar filtros",
  },

  allDepartments: "Todos los departamentos",
  noDepartment: "Personas",
  people: (count) => (count === 1 ? "1 persona" : `${n(count)} personas`),
  peopleOf: (shown, all) => `${n(shown)} de ${n(all)} personas`,
  peopleShown: (count) => (count === 1 ? "1 persona mostrada" : `${n(count)} personas mostradas`),
  availableOf: (available, all) => `${n(available)} de ${n(all)} disponibles`,
  pageOf: (page, count) => `Página ${n(page)} de ${n(count)}, con presencia y recuentos de esta página`,
  staleCount: (count) => `${n(count)} sin confirmar`,
  stale: "Sin confirmar",

  waiting: "Esperando la presencia",
  noPresence: "Sin presencia conocida",
  since: (instant) => `desde ${instant}`,
  lastConfirmed: (instant) => `última confirmación ${instant}`,
  rejected: {
    notVisible: "No visible para usted",
    invalidId: "Identificador no válido",
    limitExceeded: "Por encima del límite de esta conexión",
  },

  live: "En vivo",
  connectedButStale: "Conectado, pero alguna presencia está sin confirmar",
  connecting: "Conectando…",
  reconnecting: "Reconectando, se muestra la última presencia conocida…",
  notConnected: "Sin conexión",
  unauthorized: "Inicio de sesión rechazado, reintentando…",
  tokenExpired: "La sesión ha caducado, iniciando otra…",
  limitExceeded: "Tiene esta página abierta demasiadas veces. Cierre otra; se reintenta cada minuto…",
  invalidRequest: "Esta página no corresponde al hub. Vuelva a cargarla; se reintenta cada minuto…",

  chooseHeading: "¿A quién quiere ver?",
  chooseIntroduction: "Elija personas, un departamento o toda la empresa.",
  nothingChosen: "Escriba un nombre o identificadores de objeto.",
  noDepartmentChosen: "Escriba un departamento.",
  signingIn: "Iniciando sesión…",
  signInFailed: (reason) => `El inicio de sesión no dio acceso a este hub: ${reason}`,
  searching: "Buscando…",
  mostFound: (count) => `Una búsqueda muestra ${n(count)} personas como máximo.`,
  foundNoOne: (search) => `El hub no encuentra con «${search}» a nadie que usted pueda ver.`,
  searchNotSupported:
    "Este hub no puede buscar personas: necesita el permiso User.ReadBasic.All. Escriba identificadores de objeto.",
  searchFailed: "El hub no puede buscar ahora. Inténtelo más tarde, o escriba identificadores de objeto.",
  listing: (count) => `Leyendo la lista, ${n(count)} hasta ahora…`,
  departmentIsEmpty: (department) =>
    `El hub no encuentra en el departamento «${department}» a nadie que usted pueda ver.`,
  companyIsEmpty: "El hub no encuentra a nadie que usted pueda ver.",
  departmentNotSupported:
    "Este hub no puede mostrar departamentos: necesita el permiso User.Read.All. Elija personas de otra manera.",
  listFailed: "El hub no puede listar personas ahora. Inténtelo más tarde, o elija personas de otra manera.",
  firstListed: (count) => `Hay más personas. Se muestran las primeras ${n(count)} por nombre.`,
  partListed: (count) => `El hub no respondió toda la lista. Personas mostradas: ${n(count)}.`,

  pasteAfterExpiry: "El token de acceso ha caducado. Pegue uno nuevo.",
  pasteAfterRefusal: (reason) => `El hub rechaza este token de acceso (${reason}). Pegue otro.`,
  unreadableLines: (lines) => `Estas líneas no empiezan por un identificador de objeto: ${lines}`,
};
