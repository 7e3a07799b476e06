using System.Globalization;
using PresenceHub.Server.Store;
using PresenceHub.Testing.Reference;
using StackExchange.Redis;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>Sets the clock of a real Redis, as far as the store's scripts see it: each runs there with another answer
/// to TIME.</summary>
internal sealed class ServerClock
{
    private const string Time = "local time = redis.call('TIME')";
    private const int ReadArguments = 2;

    /// <summary>How far the clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    public IConnectionMultiplexer Connect(IConnectionMultiplexer redis) =>
        ScriptProxy.Connect(
            (_, keys, arguments) =>
                redis
                    .GetDatabase()
                    .ScriptEvaluateAsync(
                        Load("fence.lua") + Load(arguments.Length is ReadArguments ? "read.lua" : "apply.lua"),
                        keys,
                        arguments
                    )
        );

    private string Load(string name)
    {
        using var stream = typeof(PresenceStore).Assembly.GetManifestResourceStream(
            $"PresenceHub.Server.Store.{name}"
        )!;
        using var reader = new StreamReader(stream);
        var seconds = ((long)Ahead.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return reader
                .ReadToEnd()
                .Replace(Time, $"{Time} time[1] = tonumber(time[1]) + ({seconds})", StringComparison.Ordinal) + "\n";
    }
}
