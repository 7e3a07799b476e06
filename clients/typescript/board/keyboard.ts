/** `/` goes to the search from anywhere, except where it is being typed. */
export function focusOnSlash(target: EventTarget, focus: () => void): void {
  target.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (!typing) {
      event.preventDefault();
      focus();
    }
  });
}
