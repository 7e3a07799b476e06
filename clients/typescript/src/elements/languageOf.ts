/** The language that the document declares for the element, across shadow roots; else that of the browser. */
export function languageOf(element: Element): string {
  for (let node: Element | undefined = element; node;) {
    const found: Element | null = node.closest("[lang]");
    const language = found?.getAttribute("lang");
    if (language) {
      return language;
    }
    const root: Node = node.getRootNode();
    node = root instanceof ShadowRoot ? root.host : undefined;
  }
  return navigator.language;
}
