namespace PresenceHub.Benchmarks.Load;

/// <summary>
/// Finds every <see cref="ChangeMarker"/> in bytes that come in pieces; one may lie across two of them.
/// </summary>
internal sealed class MarkerScanner
{
    private static readonly int MarkerBytes = ChangeMarker.Start.Length + ChangeMarker.Letters;

    // The end of what was scanned, one byte shorter than a marker: it cannot hold a whole one.
    private readonly byte[] _carried = new byte[MarkerBytes - 1];
    private int _carriedLength;

    public void Scan(ReadOnlySpan<byte> piece, Action<int> onChange)
    {
        if (_carriedLength > 0)
        {
            Span<byte> seam = stackalloc byte[2 * _carried.Length];
            var added = Math.Min(piece.Length, _carried.Length);
            _carried.AsSpan(0, _carriedLength).CopyTo(seam);
            piece[..added].CopyTo(seam[_carriedLength..]);
            Find(seam[..(_carriedLength + added)], onChange);
        }

        Find(piece, onChange);
        Carry(piece);
    }

    public void Reset() => _carriedLength = 0;

    private static void Find(ReadOnlySpan<byte> text, Action<int> onChange)
    {
        while (text.IndexOf(ChangeMarker.Start) is var at and >= 0 && text.Length - at >= MarkerBytes)
        {
            text = text[(at + ChangeMarker.Start.Length)..];
            onChange(ChangeMarker.Read(text));
            text = text[ChangeMarker.Letters..];
        }
    }

    private void Carry(ReadOnlySpan<byte> piece)
    {
        if (piece.Length >= _carried.Length)
        {
            piece[^_carried.Length..].CopyTo(_carried);
            _carriedLength = _carried.Length;
            return;
        }

        var kept = Math.Min(_carriedLength, _carried.Length - piece.Length);
        _carried.AsSpan(_carriedLength - kept, kept).CopyTo(_carried);
        piece.CopyTo(_carried.AsSpan(kept));
        _carriedLength = kept + piece.Length;
    }
}
