namespace PresenceHub.Benchmarks.Report;

/// <summary>A line of the table of goals.</summary>
/// <param name="Versus">The peer compared with; a dash for none.</param>
/// <param name="Work">What is compared.</param>
/// <param name="Target">What is to be reached, in words.</param>
/// <param name="Figure">What was measured.</param>
/// <param name="IsMet">Whether the goal is reached.</param>
internal sealed record Goal(string Versus, string Work, string Target, string Figure, bool IsMet);
