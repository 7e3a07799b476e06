namespace PresenceHub.Server.Tests.Ingest.Forgeries;

/// <summary>All that the sender of a post can see, except for the duration.</summary>
internal sealed record ForgeryAnswer(int Status, string Body, string Headers);
