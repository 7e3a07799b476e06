namespace PresenceHub.Client;

/// <summary>An option that is outside its range.</summary>
/// <param name="Name">The name of the option.</param>
/// <param name="Text">What it must be, and what it is.</param>
internal readonly record struct OptionFailure(string Name, string Text);
