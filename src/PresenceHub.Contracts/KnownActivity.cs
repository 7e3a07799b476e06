namespace PresenceHub.Contracts;

/// <summary>Values of <see cref="PresenceEntry.Activity"/> that Graph is known to use. The set stays open, as that of
/// <see cref="KnownAvailability"/>.</summary>
public static class KnownActivity
{
    public const string Available = "Available";
    public const string AvailableInactive = "AvailableInactive";
    public const string Away = "Away";
    public const string BeRightBack = "BeRightBack";
    public const string Busy = "Busy";
    public const string DoNotDisturb = "DoNotDisturb";
    public const string Focusing = "Focusing";
    public const string InACall = "InACall";
    public const string InAConferenceCall = "InAConferenceCall";
    public const string InAMeeting = "InAMeeting";
    public const string Inactive = "Inactive";
    public const string Offline = "Offline";
    public const string OffWork = "OffWork";
    public const string OutOfOffice = "OutOfOffice";
    public const string PresenceUnknown = "PresenceUnknown";
    public const string Presenting = "Presenting";
    public const string UrgentInterruptionsOnly = "UrgentInterruptionsOnly";
}
