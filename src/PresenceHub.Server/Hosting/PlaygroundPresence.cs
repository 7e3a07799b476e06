namespace PresenceHub.Server.Hosting;

/// <summary>The presence that a person of the simulation shows.</summary>
/// <param name="Availability">Graph's token: 1 to 64 letters.</param>
/// <param name="Activity">Graph's token: 1 to 64 letters.</param>
internal sealed record PlaygroundPresence(string? Availability, string? Activity)
{
    private const int MaxLength = 64;

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Problem() => ProblemOf("availability", Availability) ?? ProblemOf("activity", Activity);

    private static string? ProblemOf(string name, string? value) =>
        value is { Length: > 0 and <= MaxLength } && value.All(char.IsAsciiLetter)
            ? null
            : $"{name} must be one word of at most {MaxLength} letters";
}
