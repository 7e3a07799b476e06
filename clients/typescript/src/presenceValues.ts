/**
 * Values of availability that Graph is known to use, in the case in which its answers carry them. The set stays open:
 * a value that is not listed is shown as received.
 */
export type Availability =
  | "Available"
  | "AvailableIdle"
  | "Away"
  | "BeRightBack"
  | "Busy"
  | "BusyIdle"
  | "DoNotDisturb"
  | "Focusing"
  | "InACall"
  | "InAMeeting"
  | "Offline"
  | "OutOfOffice"
  | "PresenceUnknown"
  | "Presenting"
  | (string & {});

/** Values of activity that Graph is known to use. The set stays open, as that of {@link Availability}. */
export type Activity =
  | "Available"
  | "AvailableInactive"
  | "Away"
  | "BeRightBack"
  | "Busy"
  | "DoNotDisturb"
  | "Focusing"
  | "InACall"
  | "InAConferenceCall"
  | "InAMeeting"
  | "Inactive"
  | "Offline"
  | "OffWork"
  | "OutOfOffice"
  | "PresenceUnknown"
  | "Presenting"
  | "UrgentInterruptionsOnly"
  | (string & {});
