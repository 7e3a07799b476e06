using PresenceHub.Contracts;

namespace PresenceHub.Server.Tests.Ingest.Polling;

/// <summary>The poller while a partition of the store is away.</summary>
[Trait("Category", "Functional")]
public sealed class LostPartitionPollingTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private const int Lost = 1;
    private readonly SubjectId[] _subjects = PollingHost.Subjects(40);

    [Fact]
    public async Task ReadDue_PartitionLost_StoresTheOthersAndReadsItsSubjectsAgain()
    {
        var host = new PollingHost(fixture, PollingHost.Presences) { LostPartition = Lost };
        host.Watched.SetHeld(_subjects.ToHashSet(), host.Watched.Now);
        var lost = _subjects.Where(subject => host.PartitionOf(subject) == Lost).ToArray();

        Assert.Equal(0, await host.ReadDueAsync());

        // The others keep their pace: only those of the lost partition are due before the period has passed.
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(lost.ToHashSet(), host.Schedule.TakeDue(_subjects.Length).ToHashSet());
        host.Schedule.Retry(lost, TimeSpan.Zero);
        host.LostPartition = null;
        Assert.Equal(_subjects.Length - lost.Length, await host.CountStoredAsync(_subjects));

        host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, await host.ReadDueAsync());
        Assert.Equal(_subjects.Length, await host.CountStoredAsync(_subjects));
    }

    [Fact]
    public async Task ReadDue_UnwatchedIdsThatGraphDoesNotKnowInALostPartition_DoNotFailThePage()
    {
        var host = new PollingHost(fixture, ids => PollingHost.Presences(ids[1..])) { LostPartition = Lost };
        var stranger = _subjects.First(subject => host.PartitionOf(subject) == Lost);
        var others = _subjects.Where(subject => host.PartitionOf(subject) != Lost).ToArray();
        host.Watched.SetHeld(others.ToHashSet(), host.Watched.Now);
        host.Schedule.TakeDue(_subjects.Length);
        host.Schedule.Refresh([stranger]);
        host.Schedule.TakeDue(1);

        await host.Pages.ReadAsync([stranger, .. others], CancellationToken.None);

        Assert.Equal(others.Length, await host.CountStoredAsync(others));
    }

    [Fact]
    public async Task ReadDue_AllItsPartitionsLost_Fails()
    {
        var host = new PollingHost(fixture, PollingHost.Presences) { LostPartition = Lost };
        var lost = _subjects.Where(subject => host.PartitionOf(subject) == Lost).ToHashSet();
        host.Watched.SetHeld(lost, host.Watched.Now);

        Assert.Equal(1, await host.ReadDueAsync());
    }
}
