using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>A running system with its clients.</summary>
internal sealed record Entrant(Tenant Tenant, SystemUnderTest System, Crowd Crowd, Deliveries Deliveries)
    : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Crowd.DisposeAsync();
        await System.DisposeAsync();
        await Tenant.DisposeAsync();
    }
}
