using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Runs;
using PresenceHub.Fleet.Scenarios;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Fleet;

/// <summary>Members that replace what they watch agree with the hub on it, whatever happens meanwhile.</summary>
public sealed class ReplacementTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private readonly RunStop _stop = new();
    private readonly FleetRunner _display = new();
    private readonly TaskCompletionSource _unwatching = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _membersEnd = new();
    private FakeHub _hub = null!;
    private PreparedFleet _fleet = null!;
    private Task _running = Task.CompletedTask;

    private LightMember Member => _fleet.LightMembers.Single();

    public async Task InitializeAsync() => _hub = await FakeHub.StartAsync();

    public async Task DisposeAsync()
    {
        _answer.TrySetResult();
        await _membersEnd.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _fleet.Dispose();
        await _hub.DisposeAsync();
        _display.Dispose();
        _stop.Dispose();
        _membersEnd.Dispose();
        _http.Dispose();
    }

    [Fact]
    public async Task Run_ChurnEndsDuringAReplacement_FinishesIt()
    {
        await StartAsync();
        using var churnEnds = new CancellationTokenSource();
        var churn = ChurnAsync(churnEnds.Token);
        await _unwatching.Task.WaitAsync(Patience);

        await churnEnds.CancelAsync();
        _answer.SetResult();
        await churn.WaitAsync(Patience);

        var added = Assert.Single(_hub.Watches.Skip(1)).Ids.Single();
        Assert.Contains(added, Watched());
        Assert.True(Member.View.IsAnswered);
    }

    [Fact]
    public async Task Run_ChurnEndsDuringAReplacementOfAMemberThatDoesNotRead_EndsToo()
    {
        await StartAsync(stuckShare: 1);
        using var churnEnds = new CancellationTokenSource();
        var churn = ChurnAsync(churnEnds.Token);
        await _unwatching.Task.WaitAsync(Patience);

        await churnEnds.CancelAsync();

        await churn.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(6_000, 0)]
    [InlineData(0, 6_000)]
    public async Task Run_EndsAmongTheChangesOfATick_BeginsNoMore(double connectionsPerMinute, double subjectsPerMinute)
    {
        await StartAsync();
        using var churnEnds = new CancellationTokenSource();
        var random = new EndingRandom(churnEnds);
        var plan = new ChurnPlan { ConnectionsPerMinute = connectionsPerMinute, SubjectsPerMinute = subjectsPerMinute };
        _answer.SetResult();

        await ChurnAsync(plan, random, churnEnds.Token).WaitAsync(Patience);

        Assert.Equal(1, random.MembersDrawn);
    }

    [Fact]
    public async Task ReplaceSubject_ConnectionIsCutBeforeTheAnswer_WatchesTheNewListFromTheBeginning()
    {
        await StartAsync();
        var removed = Member.View.Subjects[0];
        var added = Enumerable.Range(0, _hub.People.Length).Except(Member.View.Subjects).First();
        var replacement = Member.ReplaceSubjectAsync(removed, added, _stop.Token);
        await _unwatching.Task.WaitAsync(Patience);

        Member.Cut(TimeSpan.Zero);
        await replacement.WaitAsync(Patience);
        await Eventually.GetAsync(
            () => Task.FromResult((_hub.Watches.Count, Member.State)),
            state => state is (2, MemberState.Live)
        );

        var (first, second) = (_hub.Watches.First(), _hub.Watches.Last());
        Assert.Null(second.Cursor);
        Assert.Equal(first.Ids.Skip(1).Append(_fleet.Surroundings.Subjects.TextOf(added)).Order(), second.Ids.Order());
        Assert.True(Member.View.IsAnswered);
    }

    private async Task StartAsync(double stuckShare = 0)
    {
        var scenario = FleetRunner.Small with { Connections = 1, StuckShare = stuckShare };
        var options = new RunOptions(scenario, [_hub.Address]);
        _fleet = await new FleetPreparation(options, _http, _stop, _display, TimeProvider.System).PrepareAsync(default);
        _running = Member.RunAsync(TimeProvider.System.GetTimestamp(), _membersEnd.Token);
        await Eventually.GetAsync(() => Task.FromResult(Member.State), state => state is MemberState.Live);
        _hub.BeforeUnwatchAnswer = () =>
        {
            _unwatching.TrySetResult();
            return _answer.Task;
        };
    }

    private Task ChurnAsync(CancellationToken cancellationToken) =>
        ChurnAsync(new ChurnPlan { SubjectsPerMinute = 6_000 }, new Random(1), cancellationToken);

    private Task ChurnAsync(ChurnPlan plan, Random random, CancellationToken cancellationToken) =>
        new Churn(plan, _fleet.LightMembers, _fleet.WatchLists, random, TimeProvider.System, _stop.Token).RunAsync(
            cancellationToken
        );

    private IEnumerable<string> Watched() => Member.View.Subjects.Select(_fleet.Surroundings.Subjects.TextOf);

    /// <summary>Ends the churn when it draws the first of its members, of which there is one.</summary>
    private sealed class EndingRandom(CancellationTokenSource churn) : Random(1)
    {
        public int MembersDrawn { get; private set; }

        public override int Next(int maxValue)
        {
            if (maxValue is 1)
            {
                MembersDrawn++;
                churn.Cancel();
            }

            return base.Next(maxValue);
        }
    }
}
