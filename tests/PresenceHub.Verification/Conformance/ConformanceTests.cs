using CsCheck;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Store;
using PresenceHub.Testing;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace PresenceHub.Verification.Conformance;

/// <summary>
/// The scripts on a real server do exactly what the reference store of the simulation does, for any order of
/// observations, losses and changes of the server.
/// </summary>
public sealed class ConformanceTests(RedisServer server, ITestOutputHelper output)
    : IClassFixture<RedisServer>,
        IAsyncLifetime
{
    private const int GateTraces = 150;
    private const int ManyTraces = 1_500;
    private const int MinObservationsPerTrace = 30;
    private const int SecondsBack = 120;

    private static readonly SubjectId[] Subjects =
    [
        .. Enumerable.Range(1, 6).Select(number => new SubjectId(new Guid(number, 0, 0, new byte[8]))),
    ];

    private static readonly Gen<Seen> GenSeen = Gen.Select(
        Gen.Int[0, Subjects.Length - 1],
        Gen.OneOf<string>("Available", "Busy", "Away", string.Empty),
        Gen.OneOf<string?>(null, null, "A09", "A1", "A10", "a1", "B2"),
        Gen.Int[-SecondsBack, 10],
        Gen.Bool,
        (subject, availability, sequence, second, isPoll) =>
            new Seen(
                subject,
                availability,
                sequence,
                second,
                isPoll ? ObservationSource.Poll : ObservationSource.Notification
            )
    );

    private static readonly Gen<Step> GenStep = Gen.Frequency(
        (14, GenSeen.Array[1, 6].Select(seen => new Step(What.Apply, Seen: seen))),
        (3, Gen.Int[0, 7].Select(number => new Step(What.Read, number))),
        (1, Gen.Int[0, 1].Select(number => new Step(What.LoseMeta, number))),
        (1, Gen.Int[0, Subjects.Length - 1].Select(number => new Step(What.LoseEntry, number))),
        (1, Gen.Int[0, 1].Select(number => new Step(What.ComeFromElsewhere, number))),
        (1, Gen.Int[0, 1].Select(number => new Step(What.SeeLaterTime, number))),
        (1, Gen.Int[0, 1].Select(number => new Step(What.SeeLaterEpoch, number))),
        (1, Gen.Const(new Step(What.BeginNode)))
    );

    private ConnectionMultiplexer _redis = null!;
    private string _instance = null!;
    private int _traces;
    private int _observations;
    private int _reads;

    /// <summary>What can happen to the store.</summary>
    private enum What
    {
        Apply,
        Read,
        LoseMeta,
        LoseEntry,
        ComeFromElsewhere,
        SeeLaterTime,
        SeeLaterEpoch,
        BeginNode,
    }

    public async Task InitializeAsync()
    {
        _redis = await ConnectionMultiplexer.ConnectAsync(
            RedisServiceCollectionExtensions.CreateConfiguration(
                $"{server.ConnectionString},asyncTimeout=30000,allowAdmin=true"
            )
        );
        _instance = $"{await InfoAsync("server", "run_id")}:{await InfoAsync("replication", "master_replid")}";
    }

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public Task Scripts_TracesOfTheGate_DoWhatTheReferenceDoes() => RunTracesAsync(GateTraces);

    [Fact, Trait("Category", "Long")]
    public Task Scripts_ManyTraces_DoWhatTheReferenceDoes() => RunTracesAsync(ManyTraces);

    private async Task<string> InfoAsync(string section, string name)
    {
        var lines = ((string)(await _redis.GetDatabase().ExecuteAsync("INFO", section))!).Split("\r\n");
        return lines.Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..];
    }

    private async Task RunTracesAsync(int traces)
    {
        await GenStep.Array[20].SampleAsync(RunAsync, iter: traces, threads: 1, print: Print);

        output.WriteLine($"{_traces} traces, {_observations} observations, {_reads} reads, no difference");
        Assert.True(_observations >= traces * MinObservationsPerTrace, $"only {_observations} observations");
    }

    private async Task RunAsync(Step[] steps)
    {
        var names = new RedisNames { KeyPrefix = $"c{++_traces}" };
        var options = new StoreOptions { Partitions = 2, StaleAfter = TimeSpan.FromSeconds(SecondsBack / 2) };
        using var compared = await ComparedStore.BeginAsync(_redis, new StoreSettings(names, options), _instance);
        await ReadAsync(compared);
        var begun = compared.Clock.Now;
        foreach (var step in steps)
        {
            await TakeAsync(compared, step, begun);
        }

        await ReadAsync(compared);
        await compared.ExpectAnnouncementsAsync();
        await _redis.GetSubscriber().UnsubscribeAllAsync();
    }

    private async Task TakeAsync(ComparedStore compared, Step step, long begun)
    {
        switch (step.What)
        {
            case What.Apply:
                Observation[] observations =
                [
                    .. step.Seen!.Select(seen => new Observation(
                        Subjects[seen.Subject],
                        seen.Availability,
                        seen.Availability,
                        seen.Sequence,
                        begun + (seen.Second * 1_000_000L),
                        seen.Source
                    )),
                ];
                await compared.Store.ApplyAsync(observations, CancellationToken.None);
                _observations += observations.Length;
                break;

            case What.Read:
                await ReadAsync(compared);
                break;

            case What.LoseMeta:
                await compared.LoseMetaAsync(step.Number);
                break;

            case What.LoseEntry:
                await compared.LoseAsync(Subjects[step.Number]);
                break;

            case What.ComeFromElsewhere:
                await compared.ComeFromElsewhereAsync(step.Number);
                break;

            case What.SeeLaterTime:
                compared.Clock.Advance(step.Number, epoch: 0, compared.Clock.LatestOf(step.Number) + 60_000_000);
                break;

            case What.SeeLaterEpoch:
                compared.Clock.Advance(step.Number, compared.Clock.LatestEpochOf(step.Number) + 1_000_000, clock: 0);
                break;

            case What.BeginNode:
                compared.BeginNode();
                break;
        }
    }

    private static string Print(Step[] steps) =>
        string.Join(
            '\n',
            steps.Select(step =>
                $"{step.What} {step.Number} {string.Join(", ", step.Seen?.Select(seen => seen.ToString()) ?? [])}"
            )
        );

    private async Task ReadAsync(ComparedStore compared)
    {
        for (var partition = 0; partition < compared.Keys.Partitions; partition++)
        {
            await compared.Store.ReadAsync(
                partition,
                [.. Subjects.Where(subject => compared.Keys.PartitionOf(subject) == partition)],
                CancellationToken.None
            );
            _reads++;
        }
    }

    private sealed record Seen(
        int Subject,
        string Availability,
        string? Sequence,
        int Second,
        ObservationSource Source
    );

    private sealed record Step(What What, int Number = 0, Seen[]? Seen = null);
}
