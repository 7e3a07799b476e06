export { fluentStatus, type PresenceBadgeStatus } from "./fluentStatus.js";
export { activityLabel, presenceLabel, stateLabel } from "./presenceLabel.js";
export type { PresenceLabels } from "./PresenceLabels.js";
export { presenceState, presenceStates, type PresenceState } from "./PresenceState.js";
export { registerLabels, type PartialPresenceLabels } from "./registry.js";
