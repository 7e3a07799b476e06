namespace PresenceHub.Fleet.Reporting;

/// <summary>Connections wanted, live at the end, and the tokens they shared.</summary>
internal sealed record ConnectionResult(int Wanted, int LiveAtEnd, int Tokens);
