/** Writes whole numbers as the language does. */
export function counter(language: string): (count: number) => string {
  const format = new Intl.NumberFormat(language);
  return (count) => format.format(count);
}
