namespace PresenceHub.Server.Tests.Ingest.Forgeries;

/// <summary>All that the sender of a POST can see, except for how long it took.</summary>
internal sealed record ForgeryAnswer(int Status, string Body, string Headers);
