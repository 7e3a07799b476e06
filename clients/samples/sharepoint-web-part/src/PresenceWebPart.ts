import { Version } from "@microsoft/sp-core-library";
import { type IPropertyPaneConfiguration, PropertyPaneTextField } from "@microsoft/sp-property-pane";
import { BaseClientSideWebPart } from "@microsoft/sp-webpart-base";
import { PresenceClient, presenceLabel, type PresenceWatch } from "@presencehub/client";
import { HubTarget } from "./HubTarget.js";

export interface PresenceWebPartProperties {
  /** The hub, such as https://presence.contoso.com/hubs/presence. */
  hub: string;
  /** The application id URI of the hub. */
  resource: string;
  /** Object ids of people, separated by commas. */
  ids: string;
}

/** Lists people with their live presence. SharePoint gives the token for the hub. */
export default class PresenceWebPart extends BaseClientSideWebPart<PresenceWebPartProperties> {
  private readonly target = new HubTarget((hub, resource) => this.connect(hub, resource));
  private watched: PresenceWatch | undefined;

  public override render(): void {
    const { hub, resource } = this.properties;
    if (!this.target.set(hub, resource)) {
      this.watched = undefined;
      this.domElement.textContent = "Set the hub and its application id URI in the properties of the web part.";
      return;
    }
    // The new watch comes first, so that people of both lists stay watched.
    const previous = this.watched;
    this.watched = this.client?.watch(this.ids.filter(Boolean));
    previous?.dispose();
    this.show();
  }

  protected override onDispose(): void {
    this.target.set(undefined, undefined);
  }

  private get client(): PresenceClient | undefined {
    return this.target.current;
  }

  protected override get dataVersion(): Version {
    return Version.parse("1.0");
  }

  protected override getPropertyPaneConfiguration(): IPropertyPaneConfiguration {
    const groupFields = [
      PropertyPaneTextField("hub", { label: "Hub" }),
      PropertyPaneTextField("resource", { label: "Application id URI of the hub" }),
      PropertyPaneTextField("ids", { label: "Object ids, separated by commas", multiline: true }),
    ];
    return { pages: [{ groups: [{ groupFields }] }] };
  }

  private connect(url: string, resource: string): PresenceClient {
    const client = new PresenceClient({
      url,
      accessTokenFactory: async ({ refresh }) => {
        const provider = await this.context.aadTokenProviderFactory.getTokenProvider();
        return provider.getToken(resource, !refresh);
      },
    });
    client.on("entriesChanged", () => this.show());
    client.on("connectionStateChanged", () => this.show());
    client.connect().catch((error: unknown) => console.error("Presence cannot be connected:", error));
    return client;
  }

  private get ids(): string[] {
    return (this.properties.ids ?? "").split(",").map((id) => id.trim().toLowerCase());
  }

  private show(): void {
    const lines = this.ids.map((id) => {
      const line = document.createElement("li");
      line.textContent = `${id}: ${presenceLabel(this.client?.entries.get(id))}`;
      return line;
    });
    const list = document.createElement("ul");
    list.append(...lines);
    const { error } = this.client?.status ?? {};
    const problem = document.createElement("p");
    problem.textContent = error ? `Presence is not live: ${error.message}` : "";
    this.domElement.replaceChildren(list, problem);
  }
}
