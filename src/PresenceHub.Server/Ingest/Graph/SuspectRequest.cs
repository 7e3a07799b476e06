using Microsoft.Kiota.Abstractions;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>
/// Marks a request that may itself be the reason why Graph answers 503 and asks to wait: the answer then says nothing
/// about other requests, and they are not held back.
/// </summary>
internal sealed class SuspectRequest : IRequestOption
{
    public static readonly SuspectRequest Instance = new();

    /// <summary>Where the SDK puts an option into the request.</summary>
    private static readonly HttpRequestOptionsKey<IRequestOption> Key = new(typeof(SuspectRequest).FullName!);

    private SuspectRequest() { }

    public static bool Is(HttpRequestMessage request) => request.Options.TryGetValue(Key, out _);
}
