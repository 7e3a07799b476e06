namespace PresenceHub.GraphEmulator.Presences;

/// <summary>An availability with its activity, as Graph pairs them.</summary>
internal readonly record struct PresenceState(string Availability, string Activity)
{
    public static readonly PresenceState Available = new("Available", "Available");
    public static readonly PresenceState AvailableOutOfOffice = new("Available", "OutOfOffice");
    public static readonly PresenceState Busy = new("Busy", "Busy");
    public static readonly PresenceState InACall = new("Busy", "InACall");
    public static readonly PresenceState InAConferenceCall = new("Busy", "InAConferenceCall");
    public static readonly PresenceState InAMeeting = new("Busy", "InAMeeting");
    public static readonly PresenceState DoNotDisturb = new("DoNotDisturb", "DoNotDisturb");
    public static readonly PresenceState Presenting = new("DoNotDisturb", "Presenting");
    public static readonly PresenceState Focusing = new("DoNotDisturb", "Focusing");
    public static readonly PresenceState Away = new("Away", "Away");
    public static readonly PresenceState BeRightBack = new("BeRightBack", "BeRightBack");
    public static readonly PresenceState OffWork = new("Offline", "OffWork");
    public static readonly PresenceState Offline = new("Offline", "Offline");
    public static readonly PresenceState Unknown = new("PresenceUnknown", "PresenceUnknown");

    public bool IsOutOfOffice => Activity == AvailableOutOfOffice.Activity;
}
