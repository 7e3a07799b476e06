using System.Text;

namespace PresenceHub.Fleet.Tests.Connections;

/// <summary>A server in a stream: answers what is written with what the script makes of it, in pieces, then ends.</summary>
internal sealed class ScriptedStream(Func<string, string> script) : MemoryStream
{
    private const int PieceLength = 100;

    private byte[] _answer = [];
    private int _at;

    public string Request { get; private set; } = string.Empty;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Request += Encoding.ASCII.GetString(buffer.Span);
        _answer = Encoding.ASCII.GetBytes(script(Request));
        return ValueTask.CompletedTask;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var piece = _answer.AsMemory(_at, Math.Min(PieceLength, Math.Min(buffer.Length, _answer.Length - _at)));
        piece.CopyTo(buffer);
        _at += piece.Length;
        return ValueTask.FromResult(piece.Length);
    }
}
