using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Ingest.Graph;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.Ingest.Polling;

/// <summary>The poller's parts over a real Redis, with Graph and time in the test's hand.</summary>
internal sealed class PollingHost
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    /// <summary>A subject that Graph has answered for before.</summary>
    public static readonly SubjectId Witness = new(Guid.NewGuid());

    private readonly PresenceStore _store;
    private readonly StoreKeys _keys;

    /// <param name="redis">The server.</param>
    /// <param name="answer">What Graph answers to a read of these ids.</param>
    public PollingHost(RedisFixture redis, Func<string[], HttpResponseMessage> answer)
    {
        var names = new RedisNames { KeyPrefix = Guid.NewGuid().ToString("N") };
        var options = Options.Create(new StoreOptions { Partitions = 4 });
        _keys = new StoreKeys(names, options);
        Gate = new ThrottleGate(Time);
        Graph = new FakeGraph(
            (_, body) => answer(JsonDocument.Parse(body).RootElement.GetProperty("ids").Deserialize<string[]>()!)
        );
        var clock = new StoreClock(_keys, Time);
        var metrics = TestMetrics.Create();
        var gated = new GatedGraph(Graph, Gate, Time);
        var reader = new PresenceReader(
            new GraphClients(gated, Options.Create(GraphSettings.Create())),
            clock,
            metrics
        );
        var scripts = LostKeysProxy.Wrap(redis.Redis, key => LostPartition is { } lost && key == _keys.Meta(lost));
        _store = new PresenceStore(scripts, _keys, new StoreChannels(redis.Redis, _keys), clock, options);
        Watched = new WatchedSubjects(Time);
        Schedule = new PollSchedule(
            Watched,
            PollPace.Of(new PollingOptions { Period = Period }, hasSubscriptions: false),
            new PageAdmission(),
            Time
        );
        Unknown = new UnknownSubjects(Time);
        var interestKeys = new InterestKeys(names);
        var answers = new GraphAnswers(Time);
        var drift = new Drift(metrics, Options.Create(new SubscriptionOptions()), Time);
        var people = new UnknownPeople(_store, _keys, new UnknownNotices(redis.Redis, interestKeys, Unknown), Watched);
        var recorder = new AnswerRecorder(_store, people, new UnstoredReadings(Watched), Schedule, drift, metrics);
        var intake = new PresenceIntake(reader, recorder, Schedule, answers, Time);
        Pages = new PageBisection(intake, answers, Schedule, Time, NullLogger<PageBisection>.Instance);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));

    public FakeGraph Graph { get; }

    public ThrottleGate Gate { get; }

    public WatchedSubjects Watched { get; }

    public PollSchedule Schedule { get; }

    public UnknownSubjects Unknown { get; }

    public PageBisection Pages { get; }

    /// <summary>The partition of the store that is away.</summary>
    public int? LostPartition { get; set; }

    public int Reads => Graph.Requests.Count;

    public static SubjectId[] Subjects(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new SubjectId(new Guid(i, 0, 0, new byte[8])))];

    public static HttpResponseMessage Presences(IEnumerable<string> ids) =>
        FakeGraph.Json(
            new JsonObject
            {
                ["value"] = new JsonArray([
                    .. ids.Select(id => new JsonObject
                    {
                        ["id"] = id,
                        ["availability"] = "Busy",
                        ["activity"] = "Busy",
                    }),
                ]),
            }.ToJsonString()
        );

    /// <summary>Reads what is due at present, as the poller does. Returns how many pages failed.</summary>
    public async Task<int> ReadDueAsync()
    {
        var failed = 0;
        while (Schedule.TakeDue(PresenceReader.MaxPageSize) is { Count: > 0 } page)
        {
            try
            {
                await Pages.ReadAsync(page, CancellationToken.None);
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                failed++;
            }
        }

        return failed;
    }

    /// <summary>
    /// Graph has answered for a person before. Without one, any of the page is probed, and that may be a culprit: then
    /// the page is read again later.
    /// </summary>
    public async Task<PollingHost> WithWitnessAsync()
    {
        Watched.SetHeld(new HashSet<SubjectId> { Witness }, Watched.Now);
        Assert.Equal(0, await ReadDueAsync());
        Graph.Requests.Clear();
        Time.Advance(RefreshPace.Longest);
        return this;
    }

    public int PartitionOf(SubjectId subject) => _keys.PartitionOf(subject);

    public async Task<StoredEntry?> StoredAsync(SubjectId subject) =>
        (await _store.ReadAsync(_keys.PartitionOf(subject), [subject], CancellationToken.None)).Entries[0];

    public async Task<int> CountStoredAsync(IEnumerable<SubjectId> subjects)
    {
        var count = 0;
        foreach (var partition in subjects.GroupBy(_keys.PartitionOf))
        {
            count += (await _store.ReadAsync(partition.Key, [.. partition], CancellationToken.None)).Entries.Count(
                entry => entry is not null
            );
        }

        return count;
    }
}
