namespace PresenceHub.Benchmarks.Systems;

/// <summary>
/// A change of one subject. The activity carries its number, so that clients recognise it in any message.
/// </summary>
internal readonly record struct Change(string SubjectId, string Activity)
{
    public const string Availability = "Busy";
}
