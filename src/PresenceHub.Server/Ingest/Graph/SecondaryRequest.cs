using Microsoft.Kiota.Abstractions;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>
/// Marks a request that does not read presence. Graph throttles such requests by limits of their own, so a refusal
/// holds back only requests with this mark.
/// </summary>
internal sealed class SecondaryRequest : IRequestOption
{
    public static readonly SecondaryRequest Instance = new();

    /// <summary>Where the SDK puts an option into the request.</summary>
    private static readonly HttpRequestOptionsKey<IRequestOption> Key = new(typeof(SecondaryRequest).FullName!);

    private SecondaryRequest() { }

    public static bool Is(HttpRequestMessage request) => request.Options.TryGetValue(Key, out _);
}
