using System.Buffers;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Reads the bodies of POSTs into pooled memory of a fixed total size. Further bodies wait and are not read until
/// memory is free.
/// </summary>
internal sealed class NotificationBodies : IDisposable
{
    /// <summary>Enough for an item that lists a whole subscription, and its validation tokens.</summary>
    private const int ShortBytes = 64 * 1024;

    /// <summary>Together 16 MiB.</summary>
    internal const int MaxReading = 256;

    /// <summary>POSTs without a segment have places of their own, since anyone can send them.</summary>
    internal const int MaxReadingOfFormerVersion = 8;

    private const int MaxLongBytes = 16 * 1024 * 1024;
    private const int MinLong = 2;

    /// <summary>Graph does not wait longer for an answer.</summary>
    internal static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

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
    /// <param name="isOfFormerVersion">Whether the POST was sent to the path without a segment.</param>
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

        using var timeout = new CancellationTokenSource(ReadTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var isLong = request.ContentLength > ShortBytes;
            if (isLong)
            {
                // Wait before taking another place, so that short bodies do not wait for long ones.
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

    /// <param name="isLong">Whether the body holds a place of the long ones, which this method releases.</param>
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
                    // The length was unknown and the body is long. It cannot wait, because it holds a place that others
                    // wait for.
                    isLong = isLong || places.Long.Wait(0, cancellationToken);
                    if (!isLong)
                    {
                        Release();
                        return new NotificationBody(BodyOutcome.TooSlow, default, null);
                    }

                    buffer = Grow(buffer);
                }
                else if (length > _maxBytes)
                {
                    Release();
                    return new NotificationBody(BodyOutcome.TooLong, default, null);
                }
            }
        }
        catch
        {
            Release();
            throw;
        }

        return new NotificationBody(BodyOutcome.Read, buffer.AsMemory(0, length), Release);

        void Release()
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

    /// <summary>Provides one byte more than the longest body has. If that byte is read, the body is too long.</summary>
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
