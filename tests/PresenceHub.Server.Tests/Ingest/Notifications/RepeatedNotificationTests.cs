using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Ingest.Notifications.NotificationProcessorHost;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

/// <summary>Notifications that repeat a payload, arrive late, or have no sequence number for long.</summary>
[Trait("Category", "Functional")]
public sealed class RepeatedNotificationTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private readonly NotificationProcessorHost _host = new(redis);

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync()
    {
        _host.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task ProcessAsync_RepeatedAppliedPayload_IsNotDecryptedAgain()
    {
        var item = Rich(One);
        await _host.RefreshesOfAsync(item);

        // If the second were decrypted, it would count as forged. The third is another payload of the same state.
        var unreadable = item with { EncryptedContent = item.EncryptedContent! with { Data = "not what was signed" } };
        Assert.Empty(await _host.RefreshesOfAsync([item, unreadable, Rich(One)]));
        Assert.Equal(2, _host.Meters.Values("presencehub.ingest.notifications", "outcome=repeated").Sum());
        Assert.Equal(2, _host.Meters.Values("presencehub.ingest.notifications", "outcome=applied").Sum());
        Assert.Empty(_host.Meters.Values("presencehub.ingest.notifications", "outcome=forged"));
    }

    [Fact]
    public async Task ProcessAsync_RepeatedPayloadThatCouldNotBeOrdered_RefreshesTheSubjectAgain()
    {
        await _host.Store.ApplyAsync(
            [new Observation(One, "Away", "Away", null, _host.Clock.Now, ObservationSource.Poll)],
            CancellationToken.None
        );
        var item = Rich(One);
        Assert.Equal([One], await _host.RefreshesOfAsync(item));
        Assert.Equal([One], await _host.RefreshesOfAsync(item));
        Assert.Empty(_host.Meters.Values("presencehub.ingest.notifications", "outcome=repeated"));
    }

    [Fact]
    public async Task ProcessAsync_PayloadsWithoutSequenceNumbers_RefreshTheSubjectWithoutDecryption()
    {
        for (var i = 0; i < SequencedPayloads.UnsequencedLimit; i++)
        {
            Assert.Equal([One], await _host.RefreshesOfAsync(Rich(One, sequenceNumber: null)));
        }

        // If it were decrypted, it would count as forged.
        var unreadable = Rich(Two);
        unreadable = unreadable with { EncryptedContent = unreadable.EncryptedContent! with { DataSignature = "" } };
        Assert.Equal([Two], await _host.RefreshesOfAsync(unreadable));
    }

    /// <summary>Graph retries for four hours. By then the subscription may have ended, and the certificate been
    /// replaced.</summary>
    [Theory]
    [InlineData("A0000000009", "Busy")]
    [InlineData("A0000000001", "Away")]
    public async Task ProcessAsync_FourHoursAfterItsSubscriptionEnded_IsOrderedByItsSequenceNumber(
        string sequenceNumber,
        string wins
    )
    {
        string[] tokens = [_host.Forge.Create()];
        await _host.Store.ApplyAsync(
            [new Observation(One, "Away", "Away", "A0000000005", _host.Clock.Now, ObservationSource.Poll)],
            CancellationToken.None
        );
        _host.Time.Advance(TimeSpan.FromHours(4.9));

        Assert.Empty(await _host.RefreshesOfAsync([Rich(One, sequenceNumber)], tokens: tokens));

        Assert.Equal(wins, (await _host.ReadAsync(One))!.Availability);
    }
}
