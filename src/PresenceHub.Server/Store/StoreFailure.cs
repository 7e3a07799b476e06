using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>Describes failures of the store for operators.</summary>
internal static class StoreFailure
{
    /// <summary>Names the setting where it, or the user that it names, is what has to change.</summary>
    public static string Of(Exception exception, string connectionSetting) =>
        exception is RedisServerException { Kind: RedisErrorKind.NoPermission }
            ? $"Redis refuses a command to the user of {connectionSetting} ({exception.Message})"
            : exception.Message;
}
