namespace PresenceHub.Verification.Model;

/// <summary>Names of what the protocol promises.</summary>
internal static class Requirement
{
    public const string Order = "ORDER";
    public const string Written = "WRITTEN";
    public const string NothingMissed = "NOTHING-MISSED";
    public const string Cursor = "CURSOR";
    public const string Answer = "ANSWER";
    public const string Convergence = "CONVERGENCE";
}
