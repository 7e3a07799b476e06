using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class ClientMetricsTests : IDisposable
{
    private readonly ScopedMeters _meters = new();

    [Fact]
    public async Task Instruments_OfAConnectedClient_CountWhatItHolds()
    {
        await using var harness = new ClientHarness(meters: _meters);
        var starting = harness.Client.StartAsync();
        (await harness.Links.NextAsync()).Refuse();
        await harness.Time.PassNextWaitAsync();
        (await harness.Links.NextAsync()).Refuse(Wire.Error(ErrorCode.Unauthorized));
        var link = await harness.ReconnectAsync();
        await Expect.SoonAsync(starting, "StartAsync");
        var watching = harness.Client.WatchAsync([Wire.A, Wire.B, Wire.C]);
        (await link.Watches.NextAsync()).Answer(
            Wire.Result("c1", Wire.Entry(Wire.A, 1), Wire.Entry(Wire.B, 1, Freshness.Stale), Wire.Entry(Wire.C, 1))
        );
        await Expect.SoonAsync(watching, "WatchAsync");
        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 2)]);

        var measured = Measure();
        Assert.Equal(1, measured["presencehub.client.connected"]);
        Assert.Equal(3, measured["presencehub.client.watched"]);
        Assert.Equal(4, measured["presencehub.client.changes"]);
        Assert.Equal(2, measured["presencehub.client.entries live"]);
        Assert.Equal(1, measured["presencehub.client.entries stale"]);
        Assert.Equal(0, measured["presencehub.client.entries unknown"]);
        Assert.Equal(1, measured["presencehub.client.connection.attempts failed"]);
        Assert.Equal(1, measured["presencehub.client.connection.attempts refused"]);
        Assert.Equal(1, measured["presencehub.client.connection.attempts opened"]);
    }

    [Fact]
    public async Task DisposeAsync_OneOfTwoClientsOfAFactory_EndsItsOwnInstrumentsOnly()
    {
        var first = new ClientHarness(meters: _meters);
        await using (var second = new ClientHarness(meters: _meters))
        {
            await second.ConnectAsync();
            await first.DisposeAsync();
            Assert.Equal(1, Measure()["presencehub.client.connected"]);
        }

        Assert.Empty(Measure());
    }

    public void Dispose() => _meters.Dispose();

    private ConcurrentDictionary<string, long> Measure()
    {
        var measured = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Scope == _meters)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;

        void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured[tags.IsEmpty ? instrument.Name : $"{instrument.Name} {tags[0].Value}"] = value;
    }
}
