using PresenceHub.Fleet.Connections;

namespace PresenceHub.Fleet.Tests.Connections;

/// <summary>Puts the pieces of messages together.</summary>
internal sealed class RecordingReceiver : IWebSocketReceiver
{
    private readonly List<byte> _current = [];

    public List<byte[]> Messages { get; } = [];

    public void Receive(ReadOnlySpan<byte> payload, bool endOfMessage)
    {
        _current.AddRange(payload);
        if (endOfMessage)
        {
            Messages.Add([.. _current]);
            _current.Clear();
        }
    }
}
