using StackExchange.Redis;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// The address of Redis in the form that the operator has used: a URL, or the comma-separated form of
/// StackExchange.Redis.
/// </summary>
/// <param name="Options">The options of the text, and the library's defaults for the others.</param>
/// <param name="Given">Names of the options that the text sets, in the library's spelling and any case.</param>
internal sealed record RedisSetting(ConfigurationOptions Options, IReadOnlySet<string> Given)
{
    private const string Form =
        "it should look like host:6379,password=…,ssl=true or rediss://user:password@host:6379/0";

    /// <exception cref="FormatException">The text cannot be parsed. The message follows the name of the setting and
    /// contains no secret.</exception>
    public static RedisSetting Parse(string text) =>
        RedisUrl.IsUrl(text) ? RedisUrl.Parse(text.Trim()) : ParseList(text);

    /// <summary>Prefix of the hub's channels: Redis delivers messages in all databases of a server.</summary>
    public static string ChannelPrefixOf(string text)
    {
        var options = Parse(text).Options;

        // Database 0 has no prefix, so that nodes of the previous version receive the messages of the others.
        var database = options.DefaultDatabase is { } number and not 0
            ? FormattableString.Invariant($"@{number}:")
            : string.Empty;
        return (string?)options.ChannelPrefix + database;
    }

    private static RedisSetting ParseList(string text)
    {
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(text);
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException)
        {
            // The message of the library quotes the text, which may contain part of a password.
            throw new FormatException($"cannot be read; {Form}", exception);
        }

        if (options.EndPoints.Count is 0)
        {
            throw new FormatException($"names no server; {Form}");
        }

        // Splits the text as the library does.
        var given = text.Split(',')
            .Select(option => option.Split('=', 2))
            .Where(parts => parts.Length is 2)
            .Select(parts => parts[0].Trim());
        return new RedisSetting(Checked(options), given.ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    internal static ConfigurationOptions Checked(ConfigurationOptions options) =>
        options.DefaultDatabase is < 0
            ? throw new FormatException("has a negative defaultDatabase; databases are numbered from 0")
            : options;
}
