using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// The other origins whose pages may use the hub: the origins in <c>Http:AllowedOrigins</c>, and in simulation all
/// loopback origins, so that a front-end development server needs no setting.
/// </summary>
internal sealed class AllowedOrigins(IOptions<CrossOriginOptions> http, IOptions<GraphOptions> graph)
{
    private readonly bool _isSimulated = graph.Value.Mode is GraphMode.Emulator;
    private readonly FrozenSet<WebOrigin> _listed = http
        .Value.AllowedOrigins.Select(WebOrigin.TryParse)
        .OfType<WebOrigin>()
        .ToFrozenSet();

    public bool Contains(WebOrigin origin) => _listed.Contains(origin) || (_isSimulated && origin.IsLoopback);
}
