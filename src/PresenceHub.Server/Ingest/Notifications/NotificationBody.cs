namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>The body of a POST, in memory that is given back when it is disposed.</summary>
internal sealed class NotificationBody(BodyOutcome outcome, ReadOnlyMemory<byte> bytes, Action? giveBack) : IDisposable
{
    public BodyOutcome Outcome => outcome;

    public ReadOnlyMemory<byte> Bytes => bytes;

    public void Dispose() => giveBack?.Invoke();
}
