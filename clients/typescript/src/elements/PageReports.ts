/** The most causes that are remembered; a page that has more of them has shown enough. */
const maxCauses = 100;

const reported = new Set<string>();

/** Writes one console line per cause and page, which says what to do. */
export function report(cause: string, message: string): void {
  if (reported.size < maxCauses && !reported.has(cause)) {
    reported.add(cause);
    console.warn(`PresenceHub: ${message}`);
  }
}

/** For tests: a page that has reported nothing. */
export function forgetReports(): void {
  reported.clear();
}
