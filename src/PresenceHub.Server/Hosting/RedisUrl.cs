using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Reads <c>redis://user:password@host:port/database?option=value</c>, with <c>rediss</c> for TLS. The options are
/// those of the comma-separated form.
/// </summary>
internal static class RedisUrl
{
    private const string Plain = "redis://",
        Secure = "rediss://";
    private const int DefaultPort = 6379;

    private static readonly string[] GivenElsewhere = ["user", "password", "ssl", "defaultDatabase"];

    public static bool IsUrl(string text) =>
        text.TrimStart().StartsWith(Plain, StringComparison.OrdinalIgnoreCase)
        || text.TrimStart().StartsWith(Secure, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException">The URL cannot be parsed. The message contains no part of the user's name or
    /// password.</exception>
    public static RedisSetting Parse(string text)
    {
        if (!IsEncoded(text))
        {
            // The Uri class would accept it unchanged.
            throw new FormatException(
                "has a '%' without two hexadecimal digits; in a user or password, write it as %25"
            );
        }

        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || Uri.CheckHostName(url.DnsSafeHost) is UriHostNameType.Unknown
            || url.Fragment.Length > 0
        )
        {
            throw new FormatException(
                "is no URL of one server, such as redis://user:password@host:6379/0; in a user or password, write characters other than "
                    + "letters, digits and '-._~' as %XX. For several servers use the form host1:6379,host2:6379,password=…"
            );
        }

        var given = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var options = ReadQuery(url, given);
        options.EndPoints.Add(EndPointOf(url));
        ReadUser(url, options);
        ReadDatabase(url, options);
        options.Ssl = text.StartsWith(Secure, StringComparison.OrdinalIgnoreCase);
        return new RedisSetting(options, given);
    }

    private static EndPoint EndPointOf(Uri url)
    {
        var port = url.IsDefaultPort || url.Port < 0 ? DefaultPort : url.Port;
        if (port is 0)
        {
            throw new FormatException("has port 0");
        }

        return IPAddress.TryParse(url.DnsSafeHost, out var address)
            ? new IPEndPoint(address, port)
            : new DnsEndPoint(url.IdnHost, port);
    }

    private static void ReadUser(Uri url, ConfigurationOptions options)
    {
        if (url.UserInfo.Length is 0)
        {
            return;
        }

        var parts = url.UserInfo.Split(':', 2);
        if (parts.Length < 2)
        {
            // Some clients take it as the user, others as the password.
            throw new FormatException(
                "has a user without a password, or the reverse; write redis://user:password@host or redis://:password@host"
            );
        }

        options.User = parts[0].Length is 0 ? null : Uri.UnescapeDataString(parts[0]);
        options.Password = Uri.UnescapeDataString(parts[1]);
    }

    private static void ReadDatabase(Uri url, ConfigurationOptions options)
    {
        var path = url.AbsolutePath.Trim('/');
        if (path.Length is 0)
        {
            return;
        }

        if (!int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out var database))
        {
            throw new FormatException(
                "has something else than the number of a database in its path; write redis://host:6379/0"
            );
        }

        options.DefaultDatabase = database;
    }

    private static ConfigurationOptions ReadQuery(Uri url, HashSet<string> given)
    {
        var list = new List<string>();
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var name = parts[0];
            if (!name.All(char.IsAsciiLetter))
            {
                // It may be the end of a password that contains a '?'.
                throw new FormatException(
                    "has a query that cannot be read; write it as ?connectTimeout=5000&keepAlive=10"
                );
            }

            var value = parts.Length is 2 ? Uri.UnescapeDataString(parts[1]) : string.Empty;
            if (GivenElsewhere.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw new FormatException(
                    $"has the option '{name}' in its query; user, password and database stand before it, and TLS is rediss://"
                );
            }

            if (!given.Add(name))
            {
                throw new FormatException($"has the option '{name}' twice in its query");
            }

            if (value.Length is 0 || value.Contains(',', StringComparison.Ordinal) || !IsUnderstood($"{name}={value}"))
            {
                throw new FormatException(
                    $"has the option '{name}' in its query, which does not exist or has a value that cannot be read"
                );
            }

            list.Add($"{name}={value}");
        }

        return list.Count is 0 ? new ConfigurationOptions() : ConfigurationOptions.Parse(string.Join(',', list));
    }

    private static bool IsUnderstood(string option)
    {
        try
        {
            ConfigurationOptions.Parse(option);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException)
        {
            return false;
        }
    }

    private static bool IsEncoded(string text)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                return false;
            }
        }

        return true;
    }
}
