using System.Buffers;

namespace PresenceHub.Fleet.Hub;

/// <summary>
/// Keeps the beginning of a message until the rest arrives. The buffer is rented, and given back as soon as nothing is left over,
/// so a connection at rest holds none.
/// </summary>
internal sealed class MessageAssembler
{
    /// <summary>A longer message ends the connection: no answer of the contract comes near it.</summary>
    private const int LongestMessage = 16 * 1024 * 1024;

    private byte[]? _rented;
    private int _length;

    public bool IsEmpty => _length is 0;

    public ReadOnlySpan<byte> Pending => _rented.AsSpan(0, _length);

    public void Append(ReadOnlySpan<byte> data)
    {
        var needed = _length + data.Length;
        if (needed > LongestMessage)
        {
            throw new HubProtocolException("The hub sent a message of more than 16 MB");
        }

        if (_rented is null || _rented.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _length));
            Pending.CopyTo(larger);
            Release();
            _rented = larger;
        }

        data.CopyTo(_rented.AsSpan(_length));
        _length = needed;
    }

    /// <summary>Forgets the first bytes.</summary>
    public void Consume(int count)
    {
        _length -= count;
        if (_length is 0)
        {
            Release();
        }
        else
        {
            _rented.AsSpan(count, _length).CopyTo(_rented);
        }
    }

    public void Release()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }
}
