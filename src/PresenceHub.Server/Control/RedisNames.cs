namespace PresenceHub.Server.Control;

/// <summary>
/// What the names of the hub's keys and channels in Redis begin with. It follows from the settings of the connection
/// and is no setting of its own.
/// </summary>
internal sealed record RedisNames
{
    public const string DefaultKeyPrefix = "ph";

    /// <summary>Prefix of every key and channel: <c>Redis:KeyPrefix</c>.</summary>
    public string KeyPrefix { get; init; } = DefaultKeyPrefix;

    /// <summary>
    /// What the names of channels begin with, before <see cref="KeyPrefix"/>. Keys belong to a database of Redis and
    /// channels do not, so it names the database. Empty for database 0.
    /// </summary>
    public string ChannelPrefix { get; init; } = string.Empty;

    /// <summary>The setting that names the server, for messages.</summary>
    public string ConnectionSetting { get; init; } = "Redis:ConnectionString";
}
