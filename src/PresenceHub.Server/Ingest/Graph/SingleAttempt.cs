using Microsoft.Kiota.Abstractions;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Marks a request that is not repeated when it fails: the caller learns from the failure.</summary>
internal sealed class SingleAttempt : IRequestOption
{
    public static readonly SingleAttempt Instance = new();

    /// <summary>Where the SDK puts an option into the request.</summary>
    private static readonly HttpRequestOptionsKey<IRequestOption> Key = new(typeof(SingleAttempt).FullName!);

    private SingleAttempt() { }

    public static bool IsWantedFor(HttpRequestMessage request) => request.Options.TryGetValue(Key, out _);
}
