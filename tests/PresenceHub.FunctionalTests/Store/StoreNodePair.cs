using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>One node that follows a subject, and another that writes it.</summary>
internal sealed class StoreNodePair : IAsyncDisposable
{
    private StoreNodePair(StoreNode reader, StoreNode writer)
    {
        (Reader, Writer) = (reader, writer);
        reader.Mirror.Changed += entries =>
        {
            foreach (var entry in entries)
            {
                Changes.Add(entry);
            }
        };
    }

    public StoreNode Reader { get; }

    public StoreNode Writer { get; }

    public SubjectId Subject { get; } = new(Guid.NewGuid());

    /// <summary>What the reader's mirror told of.</summary>
    public Signals<StoredEntry> Changes { get; } = new();

    public static async Task<StoreNodePair> StartAsync(string readFrom, string writeTo, StoreSettings settings)
    {
        var pair = new StoreNodePair(
            await StoreNode.ConnectAsync(readFrom, settings),
            await StoreNode.ConnectAsync(writeTo, settings)
        );
        await pair.Writer.Store.ReadAsync(0, [], CancellationToken.None);
        pair.Reader.Mirror.Track([pair.Subject]);
        await pair.Reader.Follower.StartAsync(CancellationToken.None);
        return pair;
    }

    public Task<ApplyOutcome> WriteAsync(string availability) => WriteAsync(Subject, availability);

    public async Task<ApplyOutcome> WriteAsync(SubjectId subject, string availability) =>
        Assert.Single(
            await Writer.Store.ApplyAsync(
                [new Observation(subject, availability, availability, null, Writer.Clock.Now, ObservationSource.Poll)],
                CancellationToken.None
            )
        );

    /// <summary>The nodes have connections of their own: one may be back before the other.</summary>
    public Task WriterIsConnectedAsync() =>
        Eventually.GetAsync(() => Task.FromResult(Writer.Redis.IsConnected), isConnected => isConnected);

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await Writer.DisposeAsync();
    }
}
