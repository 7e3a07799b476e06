/** A page that has more problems than these has been told what to do. */
const maxLines = 20;

const given = new Set<string>();

/** Writes one console line per problem and page. It says what to do, since no hook throws into the page. */
export function advise(line: string): void {
  if (given.size < maxLines && !given.has(line)) {
    given.add(line);
    console.error(`@presencehub/client/react: ${line}`);
  }
}
