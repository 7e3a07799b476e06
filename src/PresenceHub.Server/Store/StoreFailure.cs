using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>Describes failures of the store for operators.</summary>
internal static class StoreFailure
{
    /// <summary>Names the connection setting if the permissions of its user are the cause.</summary>
    public static string Of(Exception exception, StoreOptions options) =>
        exception is RedisServerException { Kind: RedisErrorKind.NoPermission }
            ? $"Redis refuses a command to the user of {options.ConnectionSetting} ({exception.Message})"
            : exception.Message;
}
