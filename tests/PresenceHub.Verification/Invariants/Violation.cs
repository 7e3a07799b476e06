using System.Globalization;

namespace PresenceHub.Verification.Invariants;

internal sealed record Violation(TimeSpan At, string Rule, string What)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds, 9:0.000} s  {Rule}: {What}");
}
