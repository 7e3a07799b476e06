export const settings = {
  hub: "https://presence.contoso.com/hubs/presence",
};

/** People of your tenant by object id. */
export const people = [
  { id: "11111111-2222-3333-4444-555555555555", name: "Ada" },
  { id: "22222222-3333-4444-5555-666666666666", name: "Grace" },
];
