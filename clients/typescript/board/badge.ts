const svgNamespace = "http://www.w3.org/2000/svg";

/** A symbol of the page's sprite. Each state has a shape of its own, so that colour is never the only sign. */
export class Badge {
  readonly element = document.createElementNS(svgNamespace, "svg");
  private readonly use = document.createElementNS(svgNamespace, "use");

  constructor(className: string, name: string) {
    this.element.setAttribute("class", className);
    this.element.setAttribute("aria-hidden", "true");
    this.element.append(this.use);
    this.show(name);
  }

  show(name: string): void {
    this.use.setAttribute("href", `#badge-${name}`);
    this.element.dataset["badge"] = name;
  }
}
