using System.Collections.Concurrent;
using PresenceHub.Client;
using PresenceHub.Contracts;
using PresenceHub.Verification.Invariants;

namespace PresenceHub.Verification.Soak;

/// <summary>A real client, through a load balancer, that writes down everything it asks, is told and shows.</summary>
internal sealed class SoakClient : IAsyncDisposable
{
    private readonly PresenceClient _client;
    private readonly ConcurrentDictionary<string, PresenceEntry> _shown = [];
    private readonly HashSet<string> _watched = [];
    private readonly Lock _gate = new();
    private readonly RunLog _log;

    public SoakClient(string name, Uri balancer, bool useMessagePack, Func<Task<string?>> token, RunLog log)
    {
        (Name, _log) = (name, log);
        var options = new PresenceClientOptions
        {
            Url = new Uri(balancer, "/hubs/presence"),
            AccessTokenFactory = _ => token(),
            UseMessagePack = useMessagePack,
            ReconnectBase = TimeSpan.FromMilliseconds(200),
            ReconnectCap = TimeSpan.FromSeconds(1),
            CallTimeout = TimeSpan.FromSeconds(5),

            // Behind a balancer that is not sticky a fallback would end at another node.
            SkipNegotiation = true,
        };
        var memory = new TransportMemory(options.TimeProvider);
        _client = new PresenceClient(
            options,
            (receiver, refreshToken) =>
            {
                var tapped = new TappedLink.Receiver(receiver, name, log);
                return new TappedLink(new FallbackLink(options, tapped, memory, refreshToken), name, log);
            },
            Random.Shared
        );
        _client.EntriesChanged += OnEntriesChanged;
    }

    public string Name { get; }

    public PresenceConnectionState ConnectionState => _client.Status.State;

    public string[] Watched
    {
        get
        {
            lock (_gate)
            {
                return [.. _watched];
            }
        }
    }

    public async Task StartAsync(string[] ids, CancellationToken cancellationToken)
    {
        await _client.StartAsync(cancellationToken);
        await WatchAsync(ids, cancellationToken);
    }

    public async Task WatchAsync(string[] ids, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _watched.UnionWith(ids);
        }

        await _client.WatchAsync(ids, cancellationToken);
    }

    public async Task UnwatchAsync(string[] ids, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _watched.ExceptWith(ids);
        }

        await _client.UnwatchAsync(ids, cancellationToken);
        lock (_gate)
        {
            _log.Add(at => new HubEvent.Forgot(at, Name, ids));
            foreach (var id in ids)
            {
                _shown.TryRemove(id, out _);
            }
        }
    }

    public PresenceEntry? Shows(string id) => _shown.GetValueOrDefault(id);

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private void OnEntriesChanged(object? sender, EntriesChangedEventArgs changed)
    {
        lock (_gate)
        {
            // What was taken for showing just before its subject was given up is not shown any more.
            foreach (var entry in changed.Entries.Where(entry => _watched.Contains(entry.Id)))
            {
                _shown[entry.Id] = entry;
                _log.Add(at => new HubEvent.Shown(at, Name, entry));
            }
        }
    }
}
