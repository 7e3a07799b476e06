using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// Several systems at once, each with a crowd that watches the same subjects; windows of measurement take turns between
/// them. The other systems are idle meanwhile.
/// </summary>
internal sealed class FanOutContest : IAsyncDisposable
{
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WarmUpLimit = TimeSpan.FromSeconds(20);

    private readonly List<Entrant> _entrants = [];
    private readonly List<string> _notes = [];

    /// <summary>Starts the systems, lets their clients join, warms up, and measures each as often as asked.</summary>
    /// <param name="result">Receives the figures.</param>
    /// <param name="contestants">The systems.</param>
    /// <param name="size">How many clients watch how many subjects, all the same.</param>
    /// <param name="repeats">Samples of each system.</param>
    /// <param name="load">The changes of a window.</param>
    public static async Task RunAsync(
        CaseResult result,
        IEnumerable<Contestant> contestants,
        (int Clients, int Subjects) size,
        int repeats,
        Func<Entrant, Task> load
    )
    {
        await using var contest = new FanOutContest();
        foreach (var contestant in contestants)
        {
            contest._entrants.Add(await StartAsync(contestant, size.Clients, size.Subjects));
        }

        await contest.WarmUpAsync(load);
        var samples = new Samples();
        foreach (var entrant in Contestant.Interleave(contest._entrants, repeats))
        {
            var window = await FanOutWindow.MeasureAsync(entrant.System, entrant.Crowd, entrant.Deliveries, .., () =>
                load(entrant)
            );
            window.AddTo(samples, entrant.System.Name);
        }

        samples.AddTo(result);
        foreach (var note in contest._notes)
        {
            result.Notes.Add(note);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var entrant in _entrants)
        {
            await entrant.DisposeAsync();
        }
    }

    private static async Task<Entrant> StartAsync(Contestant contestant, int clients, int subjects)
    {
        // A tenant for each: a change in Graph must reach one hub, and an account holds one subscription.
        var tenant = await Tenant.StartAsync(subjects);
        SystemUnderTest? system = null;
        Crowd? crowd = null;
        try
        {
            system = await contestant.StartAsync(tenant);
            var ids = tenant.Subjects(subjects);
            await system.FillAsync(ids);
            var deliveries = new Deliveries(new ChangeLog(ids));
            crowd = await Crowd.CreateAsync(system, tenant, deliveries, CrowdPlan.Common(clients, subjects));
            await crowd.JoinAsync(JoinLimit);
            if (system is HubSystem { TakesNotifications: true })
            {
                await tenant.WaitUntilCoveredAsync(ids.Length, JoinLimit);
            }

            return new Entrant(tenant, system, crowd, deliveries);
        }
        catch
        {
            await (crowd?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (system?.DisposeAsync() ?? ValueTask.CompletedTask);
            await tenant.DisposeAsync();
            throw;
        }
    }

    /// <summary>A system that does not deliver its warm-up is left out: it would only hold up the others.</summary>
    private async Task WarmUpAsync(Func<Entrant, Task> load)
    {
        foreach (var entrant in _entrants.ToArray())
        {
            await load(entrant);
            if (!await entrant.Crowd.WaitUntilCurrentAsync(.., WarmUpLimit))
            {
                _notes.Add($"{entrant.System.Name} is left out: it did not deliver the warm-up.");
                _entrants.Remove(entrant);
                await entrant.DisposeAsync();
            }
        }
    }
}
