using System.Buffers;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Reads the bodies of POSTs into pooled memory, so many at a time that together they stay within a fixed amount.
/// The others wait without being read.
/// </summary>
internal sealed class NotificationBodies : IDisposable
{
    /// <summary>Room for an item with the whole list of a subscription, and its validation tokens.</summary>
    private const int ShortBytes = 64 * 1024;

    /// <summary>16 MiB.</summary>
    internal const int MaxReading = 256;

    /// <summary>Of POSTs without a segment: anyone can send them, so they take no places of others.</summary>
    internal const int MaxReadingOfFormerVersion = 8;

    private const int MaxLongBytes = 16 * 1024 * 1024;
    private const int MinLong = 2;

    /// <summary>Graph does not wait longer for an answer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly int _maxBytes;
    private readonly TimeProvider _time;
    private readonly BodyPlaces _places;
    private readonly BodyPlaces _formerPlaces = new(MaxReadingOfFormerVersion, 1);

    public NotificationBodies(IOptions<NotificationOptions> options, TimeProvider time)
    {
        (_maxBytes, _time) = (options.Value.MaxBodyBytes, time);
        _places = new BodyPlaces(MaxReading, Math.Max(MinLong, MaxLongBytes / _maxBytes));
    }

    /// <param name="request">The POST.</param>
    /// <param name="isOfFormerVersion">It was sent to the path without a segment.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<NotificationBody> ReadAsync(
        HttpRequest request,
        bool isOfFormerVersion,
        CancellationToken cancellationToken
    )
    {
        var places = isOfFormerVersion ? _formerPlaces : _places;
        if (request.ContentLength > _maxBytes)
        {
            return new NotificationBody(BodyOutcome.TooLong, default, null);
        }

        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var isLong = request.ContentLength > ShortBytes;
            if (isLong)
            {
                // Before anything else is taken, so that short bodies do not wait behind long ones.
                await places.Long.WaitAsync(either.Token);
            }

            return await ReadAsync(request.Body, places, isLong, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new NotificationBody(BodyOutcome.TooSlow, default, null);
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        _formerPlaces.Dispose();
    }

    /// <param name="isLong">It has a place among the long ones, which it gives back.</param>
    private async Task<NotificationBody> ReadAsync(
        Stream body,
        BodyPlaces places,
        bool isLong,
        CancellationToken cancellationToken
    )
    {
        byte[]? buffer = null;
        var (isReading, length) = (false, 0);
        try
        {
            await places.All.WaitAsync(cancellationToken);
            isReading = true;
            buffer = ArrayPool<byte>.Shared.Rent(isLong ? _maxBytes : Math.Min(ShortBytes, _maxBytes));
            while (await body.ReadAsync(RoomIn(buffer, length), cancellationToken) is > 0 and var read)
            {
                length += read;
                if (length == buffer.Length && length < _maxBytes)
                {
                    // One of unknown length that turns out to be long. It cannot wait: it holds what others wait for.
                    isLong = isLong || places.Long.Wait(0, cancellationToken);
                    if (!isLong)
                    {
                        GiveBack();
                        return new NotificationBody(BodyOutcome.TooSlow, default, null);
                    }

                    buffer = Grow(buffer);
                }
                else if (length > _maxBytes)
                {
                    GiveBack();
                    return new NotificationBody(BodyOutcome.TooLong, default, null);
                }
            }
        }
        catch
        {
            GiveBack();
            throw;
        }

        return new NotificationBody(BodyOutcome.Read, buffer.AsMemory(0, length), GiveBack);

        void GiveBack()
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            if (isReading)
            {
                places.All.Release();
            }

            if (isLong)
            {
                places.Long.Release();
            }
        }
    }

    /// <summary>Behind the longest body there is room for one more byte, which shows that it is too long.</summary>
    private Memory<byte> RoomIn(byte[] buffer, int length) =>
        length < _maxBytes ? buffer.AsMemory(length, Math.Min(buffer.Length, _maxBytes) - length) : new byte[1];

    private byte[] Grow(byte[] buffer)
    {
        var longer = ArrayPool<byte>.Shared.Rent(_maxBytes);
        buffer.CopyTo(longer, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return longer;
    }
}
