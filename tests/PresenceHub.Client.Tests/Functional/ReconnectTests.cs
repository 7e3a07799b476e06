using Microsoft.AspNetCore.SignalR;
using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.Functional;

[Trait("Category", "Functional")]
public sealed class ReconnectTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Aborted_ByTheHub_ReconnectsWithListAndCursor(bool useMessagePack)
    {
        await using var server = await HubServer.StartAsync();
        await using var client = server.NewClient(useMessagePack);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        await Expect.SoonAsync(client.WatchAsync([Wire.A, Wire.B]), "WatchAsync");
        await server.Script.Watches.NextAsync();
        for (var round = 0; round < 5; round++)
        {
            (await server.Script.Connections.NextAsync()).Abort();
            var resume = await server.Script.Watches.NextAsync();
            Assert.Equal([Wire.A, Wire.B], resume.Ids);
            Assert.Equal("c1", resume.Cursor);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pushes_AcrossAbortedConnections_NeverGoBackAndEndAtTheLast(bool useMessagePack)
    {
        const long Last = 2_000;
        await using var server = await HubServer.StartAsync();
        var revision = 1L;
        server.Script.OnWatch = request =>
            Wire.Result("c", [.. request.Ids.Select(id => Wire.Entry(id, Interlocked.Read(ref revision)))]);
        await using var client = server.NewClient(useMessagePack);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        await Expect.SoonAsync(client.WatchAsync([Wire.A]), "WatchAsync");
        var reading = ReadToAsync(client, Last);
        for (var current = 2L; current <= Last; current++)
        {
            Interlocked.Exchange(ref revision, current);
            await server.Clients.All.SendAsync(
                nameof(IPresenceClient.PresenceChanged),
                new[] { Wire.Entry(Wire.A, current - (current % 3)) }
            );
            if (current % 400 == 0)
            {
                (await server.Script.Connections.NextAsync()).Abort();
            }
        }

        await server.Clients.All.SendAsync(nameof(IPresenceClient.PresenceChanged), new[] { Wire.Entry(Wire.A, Last) });
        var seen = await Expect.SoonAsync(reading, "the last revision");
        Assert.Equal(seen.Order(), seen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WatchAsync_HubClosesWithAnErrorMeanwhile_WaitsForTheNextConnection(bool useMessagePack)
    {
        await using var server = await HubServer.StartAsync(maxMessageBytes: 2_000);
        await using var client = server.NewClient(useMessagePack);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        var watching = client.Watch(Enumerable.Range(0, 100).Select(Wire.Id)).Admission;
        await server.Script.Connections.NextAsync();
        await server.Script.Connections.NextAsync();
        Assert.False(watching.IsCompleted);
        await Expect.SoonAsync(client.UnwatchAsync(Enumerable.Range(1, 99).Select(Wire.Id)), "UnwatchAsync");
        Assert.Equal([Wire.Entry(Wire.Id(0), 1)], (await Expect.SoonAsync(watching, "WatchAsync")).Entries);
    }

    [Fact]
    public async Task StartAsync_NoServerYet_ConnectsWhenThereIsOne()
    {
        await using var server = await HubServer.StartAsync();
        var attempts = 0;
        await using var client = server.NewClient(useMessagePack: false, _ =>
        {
            if (Interlocked.Increment(ref attempts) < 4)
            {
                throw new HttpRequestException("no route");
            }
        });
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        Assert.Equal(4, attempts);
    }

    [Fact]
    public async Task DisposeAsync_Connected_ClosesTheConnection()
    {
        await using var server = await HubServer.StartAsync();
        var client = server.NewClient(useMessagePack: false);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        var connection = await server.Script.Connections.NextAsync();
        var closed = new TaskCompletionSource();
        await using var registration = connection.ConnectionAborted.Register(closed.SetResult);
        await Expect.SoonAsync(client.DisposeAsync().AsTask(), "DisposeAsync");
        await Expect.SoonAsync(closed.Task, "the connection's end at the hub");
    }

    private static async Task<List<long>> ReadToAsync(PresenceClient client, long last)
    {
        var seen = new List<long>();
        await foreach (var entry in client.ReadChangesAsync())
        {
            seen.Add(entry.Revision);
            if (entry.Revision == last)
            {
                break;
            }
        }

        return seen;
    }
}
