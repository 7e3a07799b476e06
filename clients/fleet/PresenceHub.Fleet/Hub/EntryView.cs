using System.Buffers.Text;
using System.Text;

namespace PresenceHub.Fleet.Hub;

/// <summary>One presence entry where it lies in the receive buffer: nothing is copied or allocated.</summary>
internal ref struct EntryView
{
    private static ReadOnlySpan<byte> LiveToken => "live"u8;

    private static ReadOnlySpan<byte> UnknownToken => "unknown"u8;

    public Guid Id { get; private set; }

    public long Epoch { get; set; }

    public long Revision { get; set; }

    public EntryFreshness Freshness { get; private set; }

    public ReadOnlySpan<byte> Availability { get; private set; }

    public ReadOnlySpan<byte> Activity { get; private set; }

    /// <summary>ISO 8601 UTC, or empty.</summary>
    public ReadOnlySpan<byte> Since { get; private set; }

    /// <summary>ISO 8601 UTC, or empty.</summary>
    public ReadOnlySpan<byte> ObservedAt { get; private set; }

    /// <summary>
    /// Sets the text field of that name; names that are not known are ignored, since new fields may come.
    /// </summary>
    public void SetText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name.Length)
        {
            case 2 when name.SequenceEqual("id"u8):
                if (!Utf8Parser.TryParse(value, out Guid id, out _))
                {
                    throw new HubProtocolException(
                        $"An entry has the id '{Encoding.UTF8.GetString(value)}', which is no GUID"
                    );
                }

                Id = id;
                break;
            case 12 when name.SequenceEqual("availability"u8):
                Availability = value;
                break;
            case 8 when name.SequenceEqual("activity"u8):
                Activity = value;
                break;
            case 9 when name.SequenceEqual("freshness"u8):
                Freshness =
                    value.SequenceEqual(LiveToken) ? EntryFreshness.Live
                    : value.SequenceEqual(UnknownToken) ? EntryFreshness.Unknown
                    : EntryFreshness.Stale;
                break;
            case 5 when name.SequenceEqual("since"u8):
                Since = value;
                break;
            case 10 when name.SequenceEqual("observedAt"u8):
                ObservedAt = value;
                break;
        }
    }

    /// <summary>Sets the number field of that name; names that are not known are ignored.</summary>
    public void SetNumber(ReadOnlySpan<byte> name, long value)
    {
        if (name.SequenceEqual("epoch"u8))
        {
            Epoch = value;
        }
        else if (name.SequenceEqual("revision"u8))
        {
            Revision = value;
        }
    }

    /// <summary>Throws when a field is missing that orders entries.</summary>
    public readonly void Validate()
    {
        if (Id == Guid.Empty)
        {
            throw new HubProtocolException("An entry has no id");
        }
    }
}
