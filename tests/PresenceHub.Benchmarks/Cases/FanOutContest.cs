using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// Several systems at once, each with a crowd that watches the same subjects; windows of measurement take turns between
/// them. The other systems are idle meanwhile.
/// </summary>
internal sealed class FanOutContest : IAsyncDisposable
{
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);

    private readonly List<Entrant> _entrants = [];

    private FanOutContest(Tenant tenant) => Tenant = tenant;

    public Tenant Tenant { get; }

    public IReadOnlyList<Entrant> Entrants => _entrants;

    public static async Task<FanOutContest> StartAsync(IEnumerable<Contestant> contestants, int clients, int subjects)
    {
        var contest = new FanOutContest(await Tenant.StartAsync(subjects));
        try
        {
            foreach (var contestant in contestants)
            {
                contest._entrants.Add(await StartAsync(contestant, contest.Tenant, clients, subjects));
            }

            return contest;
        }
        catch
        {
            await contest.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (system, crowd, _) in _entrants)
        {
            await crowd.DisposeAsync();
            await system.DisposeAsync();
        }

        await Tenant.DisposeAsync();
    }

    private static async Task<Entrant> StartAsync(Contestant contestant, Tenant tenant, int clients, int subjects)
    {
        var system = await contestant.StartAsync(tenant);
        Crowd? crowd = null;
        try
        {
            var ids = tenant.Subjects(subjects);
            await system.FillAsync(ids);
            var deliveries = new Deliveries(new ChangeLog(ids));
            crowd = await Crowd.CreateAsync(system, tenant, deliveries, CrowdPlan.Common(clients, subjects));
            await crowd.JoinAsync(JoinLimit);
            if (system is HubSystem { TakesNotifications: true })
            {
                await tenant.WaitUntilCoveredAsync(ids.Length, JoinLimit);
            }

            return new Entrant(system, crowd, deliveries);
        }
        catch
        {
            await (crowd?.DisposeAsync() ?? ValueTask.CompletedTask);
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>A running system with its clients.</summary>
    internal sealed record Entrant(SystemUnderTest System, Crowd Crowd, Deliveries Deliveries);
}
