using Microsoft.AspNetCore.Http.Connections.Client;
using PresenceHub.Client;
using PresenceHub.Contracts;

namespace PresenceHub.Testing;

/// <summary>A real client of the hub and everything it was told.</summary>
internal sealed class WatchingClient : IAsyncDisposable
{
    private WatchingClient(PresenceClient client)
    {
        Client = client;
        client.EntriesChanged += (_, changed) =>
        {
            foreach (var entry in changed.Entries)
            {
                Entries.Add(entry);
            }
        };
        client.Draining += (_, notice) => Drains.Add(notice.ReconnectAfter);
        client.ConnectionStateChanged += (_, changed) => States.Add(changed.Status.State);
    }

    public PresenceClient Client { get; }

    public Signals<PresenceEntry> Entries { get; } = new();

    public Signals<PresenceConnectionState> States { get; } = new();

    /// <summary>What it was told of a subject after it had been told something newer.</summary>
    public IEnumerable<(PresenceEntry Newer, PresenceEntry Older)> StepsBack =>
        from history in Entries.All.GroupBy(entry => entry.Id)
        from step in history.Zip(history.Skip(1))
        where (step.First.Epoch, step.First.Revision).CompareTo((step.Second.Epoch, step.Second.Revision)) > 0
        select step;

    /// <summary>How long the hub asked it to wait before it goes elsewhere, each time a node went away.</summary>
    public Signals<TimeSpan> Drains { get; } = new();

    public static async Task<WatchingClient> ConnectAsync(
        HubServer server,
        bool useMessagePack = false,
        Uri? through = null,
        Action<HttpConnectionOptions>? configure = null
    )
    {
        var (token, _) = await server.SignInAsync();
        var watching = new WatchingClient(
            new PresenceClient(
                new PresenceClientOptions
                {
                    Url = through is null
                        ? new Uri(server.Address, "/hubs/presence")
                        : new Uri(through, "hubs/presence"),
                    AccessTokenFactory = _ => Task.FromResult<string?>(token),
                    UseMessagePack = useMessagePack,
                    ConfigureConnection = configure,
                    ReconnectBase = TimeSpan.FromMilliseconds(100),
                    ReconnectCap = TimeSpan.FromSeconds(1),
                }
            )
        );
        await watching.Client.StartAsync();
        return watching;
    }

    /// <summary>Waits until Graph's view of the subject has arrived.</summary>
    public Task<PresenceEntry> LiveAsync(string id) =>
        Entries.FirstAsync(entry => entry.Id == id && entry.Freshness is Freshness.Live);

    public Task<PresenceEntry> ShowsAsync(string id, string availability, TimeSpan? within = null) =>
        Entries.FirstAsync(
            entry => entry.Id == id && entry.Availability == availability && entry.Freshness is Freshness.Live,
            within
        );

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
