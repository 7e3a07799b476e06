using System.Globalization;
using CsCheck;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;
using Xunit.Abstractions;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>
/// A presence changes a few times. Notifications and polls of it come late, repeatedly and in any order. What the store
/// holds in the end does not depend on that order.
/// </summary>
public sealed class ObservationOrderTests(RedisServer server, ITestOutputHelper output)
    : IClassFixture<RedisServer>,
        IAsyncLifetime
{
    private const int Histories = 300;
    private const int Orders = 4;
    private const int Second = 1_000_000;

    private static readonly Gen<History> GenHistory = Gen.Select(
        Gen.OneOf<string>("Available", "Busy", "Away").Array[1, 5],
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 100]).Array[0, 6],
        Gen.Int[0, 100].Array[0, 5],
        Gen.Int,
        (states, notifications, polls, shuffle) => new History(states, notifications, polls, shuffle)
    );

    private StoreNode _node = null!;
    private int _observations;
    private int _reread;

    public async Task InitializeAsync()
    {
        _node = await StoreNode.ConnectAsync(server.ConnectionString, StoreNode.NewSettings());
        await _node.Store.ReadAsync(0, [], CancellationToken.None);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task ApplyAsync_NumberedObservationsInAnyOrder_EndInTheSameEntry()
    {
        await GenHistory.SampleAsync(history => RunAsync(history, arePollsNumbered: true), iter: Histories, threads: 1);

        output.WriteLine($"{Histories} histories in {Orders} orders, {_observations} observations");
        Assert.Equal(0, _reread);
    }

    [Fact]
    public async Task ApplyAsync_PollsWithoutANumberInAnyOrder_EndInTheSameEntryOnceReadAgain()
    {
        await GenHistory.SampleAsync(
            history => RunAsync(history, arePollsNumbered: false),
            iter: Histories,
            threads: 1
        );

        output.WriteLine(
            $"{Histories} histories in {Orders} orders, {_observations} observations, {_reread} read again"
        );
        Assert.NotEqual(0, _reread);
    }

    private async Task RunAsync(History history, bool arePollsNumbered)
    {
        var random = new Random(history.Shuffle);
        var start = _node.Clock.Now - (1_000L * Second);
        for (var order = 0; order < Orders; order++)
        {
            var subject = new SubjectId(Guid.NewGuid());
            var observations = history.Observations(subject, start, arePollsNumbered).ToArray();
            Observation[] twice = [.. observations, .. observations.Where(_ => random.Next(3) is 0)];
            random.Shuffle(twice);
            if (!await ApplyAllAsync(twice))
            {
                _reread++;
                await _node.Store.ApplyAsync(
                    [history.Poll(subject, start, History.End, arePollsNumbered)],
                    CancellationToken.None
                );
            }

            var entry = (
                await _node.Store.ReadAsync(_node.Keys.PartitionOf(subject), [subject], CancellationToken.None)
            ).Entries[0];
            Assert.True(
                history.States[^1] == entry!.Availability,
                $"{entry} after {string.Join(", ", twice.Select(seen => $"{seen.Source} {seen.Availability} {seen.SequenceNumber} @{(seen.BegunAt - start) / Second}"))}"
            );
        }
    }

    /// <returns>False when something has to be read again.</returns>
    private async Task<bool> ApplyAllAsync(Observation[] observations)
    {
        var isClear = true;
        foreach (var observation in observations)
        {
            isClear &=
                (await _node.Store.ApplyAsync([observation], CancellationToken.None))[0] is not ApplyOutcome.Ambiguous;
            _observations++;
        }

        return isClear;
    }

    /// <summary>The states of a subject, one each ten seconds, and when they were observed.</summary>
    /// <param name="Notifications">Of which state, and how many seconds late.</param>
    /// <param name="Polls">The seconds in which a poll began.</param>
    private sealed record History(string[] States, (int State, int Late)[] Notifications, int[] Polls, int Shuffle)
    {
        public const int End = 1_000;

        private const int Step = 10;

        /// <summary>All observations. The last one follows the last change, so that the change is observed.</summary>
        public IEnumerable<Observation> Observations(SubjectId subject, long start, bool arePollsNumbered)
        {
            foreach (var (state, late) in Notifications)
            {
                var number = state % States.Length;
                yield return new Observation(
                    subject,
                    States[number],
                    States[number],
                    Number(number),
                    start + (((number * Step) + late) * (long)Second),
                    ObservationSource.Notification
                );
            }

            foreach (var second in Polls.Append(States.Length * Step))
            {
                yield return Poll(subject, start, second, arePollsNumbered);
            }
        }

        public Observation Poll(SubjectId subject, long start, int second, bool isNumbered)
        {
            var number = Math.Min(second / Step, States.Length - 1);
            return new Observation(
                subject,
                States[number],
                States[number],
                isNumbered ? Number(number) : null,
                start + (second * (long)Second),
                ObservationSource.Poll
            );
        }

        private static string Number(int state) => string.Create(CultureInfo.InvariantCulture, $"A{state:0000}");
    }
}
