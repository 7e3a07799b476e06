using System.Text.Json.Serialization;
using MessagePack;

namespace PresenceHub.Contracts;

/// <summary>What a client knows of one subject. Entries of a subject are ordered by (<see cref="Epoch"/>,
/// <see cref="Revision"/>).</summary>
/// <param name="Id">The subject's Entra object id, a lower-case GUID.</param>
/// <param name="Availability">Graph's availability token as received; new ones may come.</param>
/// <param name="Activity">Graph's activity token as received; new ones may come.</param>
/// <param name="Freshness">One of <see cref="Contracts.Freshness"/>.</param>
/// <param name="Since">When this availability and activity was first observed; null exactly when the freshness is
/// unknown.</param>
/// <param name="ObservedAt">When Graph last confirmed it, as of this message; null exactly when the freshness is
/// unknown.</param>
/// <param name="Epoch">The incarnation of the store's data, microseconds of the store's clock; below 2^53.</param>
/// <param name="Revision">The subject's revision within the epoch, microseconds of the store's clock; below
/// 2^53.</param>
[MessagePackObject]
public sealed record PresenceEntry(
    [property: Key("id")] string Id,
    [property: Key("availability")] string Availability,
    [property: Key("activity")] string Activity,
    [property: Key("freshness")] string Freshness,
    [property:
        Key("since"),
        JsonConverter(typeof(UtcInstantJsonConverter)),
        MessagePackFormatter(typeof(UtcInstantMessagePackFormatter))
    ]
        DateTimeOffset? Since,
    [property:
        Key("observedAt"),
        JsonConverter(typeof(UtcInstantJsonConverter)),
        MessagePackFormatter(typeof(UtcInstantMessagePackFormatter))
    ]
        DateTimeOffset? ObservedAt,
    [property: Key("epoch")] long Epoch,
    [property: Key("revision")] long Revision
)
{
    /// <summary>Whether a client that holds <paramref name="held"/> must keep it instead of this entry.</summary>
    public bool IsOlderThan(PresenceEntry held) => Epoch != held.Epoch ? Epoch < held.Epoch : Revision < held.Revision;
}
