namespace PresenceHub.Server.Tests.Ingest.Forgeries;

/// <summary>All that whoever posts can see, except for how long it took.</summary>
internal sealed record ForgeryAnswer(int Status, string Body, string Headers);
