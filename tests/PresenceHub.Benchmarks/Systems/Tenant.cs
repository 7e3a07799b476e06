using System.Diagnostics;
using System.Text.Json;
using PresenceHub.GraphEmulator;
using PresenceHub.GraphEmulator.People;
using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Subscriptions;
using PresenceHub.GraphEmulator.Tokens;

namespace PresenceHub.Benchmarks.Systems;

/// <summary>
/// The simulated tenant of a run: its people are the subjects, its Entra signs the watchers' tokens for all systems.
/// </summary>
internal sealed class Tenant : IAsyncDisposable
{
    /// <summary>The hub's own default limit; connections beyond it need another watcher.</summary>
    private const int ConnectionsPerWatcher = 10;

    private readonly GraphEmulatorServer _graph;
    private readonly List<string> _tokens = [];

    private Tenant(GraphEmulatorServer graph, GraphEmulatorOptions options, string directory)
    {
        (_graph, Options) = (graph, options);
        (RootPath, KeysPath) = (Path.Combine(directory, "root.pem"), Path.Combine(directory, "keys.json"));
        Board = graph.Services.GetRequiredService<PresenceBoard>();
        Issuer = graph.Services.GetRequiredService<TokenIssuer>();
    }

    public GraphEmulatorOptions Options { get; }

    public Uri Address => _graph.BaseAddress;

    public IReadOnlyList<string> ServiceAccountIds => _graph.ServiceAccountIds;

    public PresenceBoard Board { get; }

    public TokenIssuer Issuer { get; }

    /// <summary>The root certificate to trust when Graph is called.</summary>
    public string RootPath { get; }

    /// <summary>The issuer's key set, for peers.</summary>
    public string KeysPath { get; }

    /// <summary>
    /// People whose presence changes only when a case says so, and whose changes are notified at once.
    /// </summary>
    public static async Task<Tenant> StartAsync(int people, int serviceAccounts = 1)
    {
        var options = new GraphEmulatorOptions
        {
            People = people,
            ServiceAccounts = serviceAccounts,
            ChangePeriod = TimeSpan.Zero,
            NotificationLatency = TimeSpan.Zero,
            Switches =
            {
                AllowHttpOnLoopback = true,
                SequenceNumberInRichData = true,
                PunishSlowEndpoints = false,
            },
        };
        var graph = await GraphEmulatorServer.StartAsync(options, TimeProvider.System, null, CancellationToken.None);
        var tenant = new Tenant(graph, options, Directory.CreateTempSubdirectory("presencehub-bench").FullName);
        await File.WriteAllTextAsync(tenant.RootPath, graph.RootCertificatePem);
        var keys = graph.Services.GetRequiredService<SigningKeys>().ToKeySet();
        await File.WriteAllTextAsync(tenant.KeysPath, JsonSerializer.Serialize(keys));
        return tenant;
    }

    /// <summary>The first people of the company.</summary>
    public string[] Subjects(int count) => [.. Board.ReadRange(0, count).Select(reading => reading.Id.ToString())];

    /// <summary>A token for the connection of this number; ten connections share a watcher.</summary>
    public string TokenFor(int connection)
    {
        lock (_tokens)
        {
            for (var watcher = _tokens.Count; watcher <= connection / ConnectionsPerWatcher; watcher++)
            {
                var person = new Person(Guid.NewGuid(), "Bench", "Watcher", "IT", "Client", "watcher@contoso.example");
                _tokens.Add(Issuer.ForUser(TokenResource.Hub, Options.ClientId, person, "access").Token);
            }

            return _tokens[connection / ConnectionsPerWatcher];
        }
    }

    /// <summary>Waits until Graph's subscriptions cover so many people.</summary>
    public async Task WaitUntilCoveredAsync(int people, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        var book = _graph.Services.GetRequiredService<SubscriptionBook>();
        while (CountCovered(book) is var covered && covered < people)
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException(
                    $"Subscriptions cover {covered} of {people} people after {limit.TotalSeconds:0} s"
                );
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        }
    }

    private static int CountCovered(SubscriptionBook book) =>
        book.List().SelectMany(subscription => subscription.Resource.Subjects).Distinct().Count();

    public async ValueTask DisposeAsync()
    {
        await _graph.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(RootPath)!, recursive: true);
    }
}
