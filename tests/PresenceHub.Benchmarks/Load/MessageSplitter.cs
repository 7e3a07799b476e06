namespace PresenceHub.Benchmarks.Load;

/// <summary>
/// Finds the messages in what arrives piece by piece on one connection, tells their kind by their first bytes, and
/// finds the numbers of changes in them. It keeps no message.
/// </summary>
internal sealed class MessageSplitter(ClientProtocol protocol)
{
    /// <summary>Enough to see an error behind an invocation id.</summary>
    public const int HeadBytes = 64;

    private readonly byte[] _head = new byte[HeadBytes];
    private readonly MarkerScanner _scanner = new();
    private int _headLength;

    /// <summary>
    /// Reads a piece; ended messages go to <paramref name="onMessage"/>, numbers of changes to <paramref
    /// name="onChange"/>.
    /// </summary>
    public void Read(
        ReadOnlySpan<byte> piece,
        bool endOfMessage,
        Action<MessageKind, ReadOnlySpan<byte>> onMessage,
        Action<int> onChange
    )
    {
        while (!piece.IsEmpty)
        {
            var end = protocol.Separator is { } separator ? piece.IndexOf(separator) : -1;
            ReadSegment(end < 0 ? piece : piece[..end], onChange);
            if (end < 0)
            {
                break;
            }

            EndMessage(onMessage);
            piece = piece[(end + 1)..];
        }

        if (protocol.Separator is null && endOfMessage)
        {
            EndMessage(onMessage);
        }
    }

    private void ReadSegment(ReadOnlySpan<byte> segment, Action<int> onChange)
    {
        var kept = Math.Min(segment.Length, HeadBytes - _headLength);
        segment[..kept].CopyTo(_head.AsSpan(_headLength));
        _headLength += kept;

        // A message that is too short to be told is too short to hold a number as well, so the scanner may go ahead.
        if (_headLength < HeadBytes || protocol.KindOf(_head) is MessageKind.Changes)
        {
            _scanner.Scan(segment, onChange);
        }
    }

    private void EndMessage(Action<MessageKind, ReadOnlySpan<byte>> onMessage)
    {
        var head = _head.AsSpan(0, _headLength);
        onMessage(protocol.KindOf(head), head);
        _headLength = 0;
        _scanner.Reset();
    }
}
