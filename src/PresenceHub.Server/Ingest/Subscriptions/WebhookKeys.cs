using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// The webhook key that this node knows, and what is derived from it. The segment of the URL changes every day. The
/// previous segment is accepted as long as Graph may post to it.
/// </summary>
internal sealed class WebhookKeys(TimeProvider time)
{
    internal static readonly TimeSpan RotationPeriod = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a previous URL is accepted. A subscription lives for an hour after its last renewal, and Graph retries
    /// deliveries for four more hours.
    /// </summary>
    internal static readonly TimeSpan Overlap = TimeSpan.FromHours(6);

    /// <summary>
    /// How far the clock of another node may be ahead: the ten minutes that nodes may differ, and a margin.
    /// </summary>
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan DerivedFor = TimeSpan.FromMinutes(1);

    /// <summary>The current key, and the previous one if Redis has lost its data.</summary>
    private const int MaxKnown = 2;

    private const int NameBytes = 8;

    private readonly Lock _gate = new();
    private WebhookKey[] _known = [];
    private (DateTimeOffset Until, byte[][] Texts) _segments;

    /// <summary>Null until the key has been read.</summary>
    public WebhookKey? Current => Volatile.Read(ref _known).FirstOrDefault();

    /// <summary>
    /// Whether subscriptions of the version before the key can still cause notifications to the path without a segment.
    /// This is never the case in a new installation, which had no subscriptions when its key was created.
    /// </summary>
    public bool AcceptsPathWithoutSegment =>
        Array.Exists(Volatile.Read(ref _known), key =>
            key.HasFormerSubscriptions && time.GetUtcNow() < key.MadeAt + Overlap
        );

    /// <summary>Whether Graph may post to the URL with this segment.</summary>
    public bool IsSegment(string text)
    {
        var sent = Encoding.UTF8.GetBytes(text);
        var isOne = false;
        foreach (var segment in AcceptedSegments())
        {
            isOne |= CryptographicOperations.FixedTimeEquals(segment, sent);
        }

        return isOne;
    }

    /// <summary>Whether a node of this hub created the client state.</summary>
    public bool IsClientState(string text) => Array.Exists(Volatile.Read(ref _known), key => key.IsClientState(text));

    /// <summary>Creates the URLs and the client state of a new subscription. The key must have been read.</summary>
    public WebhookAddress CreateAddress()
    {
        var key = Current ?? throw new InvalidOperationException("The key of the notification URL is not known yet");
        var segment = key.SegmentOf(PeriodAt(time.GetUtcNow()));
        var name = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(segment)).AsSpan(0, NameBytes));
        return new WebhookAddress(segment, name, key.CreateClientState());
    }

    /// <summary>Sets the key that was read from Redis.</summary>
    public void SetCurrent(WebhookKey key)
    {
        lock (_gate)
        {
            if (Current is { } current && current.IsSameAs(key))
            {
                return;
            }

            Volatile.Write(ref _known, [.. _known.Prepend(key).Take(MaxKnown)]);
            _segments = default;
        }
    }

    private byte[][] AcceptedSegments()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now >= _segments.Until)
            {
                var (first, last) = (PeriodAt(now - Overlap), PeriodAt(now + ClockSkew));
                _segments = (
                    now + DerivedFor,
                    [
                        .. from key in _known
                        from age in Enumerable.Range(0, (int)(last - first) + 1)
                        select Encoding.UTF8.GetBytes(key.SegmentOf(last - age)),
                    ]
                );
            }

            return _segments.Texts;
        }
    }

    private static long PeriodAt(DateTimeOffset at) => at.UtcTicks / RotationPeriod.Ticks;
}
