namespace PresenceHub.Contracts;

/// <summary>
/// Values of <see cref="PresenceEntry.Availability"/> that Graph is known to use, in the case in which its answers
/// carry them. The set stays open: show a value that is not listed as received.
/// </summary>
public static class KnownAvailability
{
    public const string Available = "Available";
    public const string AvailableIdle = "AvailableIdle";
    public const string Away = "Away";
    public const string BeRightBack = "BeRightBack";
    public const string Busy = "Busy";
    public const string BusyIdle = "BusyIdle";
    public const string DoNotDisturb = "DoNotDisturb";
    public const string Focusing = "Focusing";
    public const string InACall = "InACall";
    public const string InAMeeting = "InAMeeting";
    public const string Offline = "Offline";
    public const string OutOfOffice = "OutOfOffice";
    public const string PresenceUnknown = "PresenceUnknown";
    public const string Presenting = "Presenting";
}
