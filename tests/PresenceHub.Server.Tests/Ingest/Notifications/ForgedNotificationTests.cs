using PresenceHub.Server.Ingest.Notifications;
using static PresenceHub.Server.Tests.Ingest.Notifications.NotificationProcessorHost;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

/// <summary>Notifications that do not prove their origin, or whose origin cannot be verified.</summary>
[Trait("Category", "Functional")]
public sealed class ForgedNotificationTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private readonly NotificationProcessorHost _host = new(redis);

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync()
    {
        _host.Dispose();
        return Task.CompletedTask;
    }

    public static TheoryData<string, object> Forgeries() =>
        new()
        {
            { "client state", Item(One) with { ClientState = "other" } },
            { "no client state", Item(One) with { ClientState = null } },
            { "unknown subscription", Item(One) with { SubscriptionId = Guid.NewGuid().ToString() } },
            { "no subscription", Item(One) with { SubscriptionId = "NA" } },
            { "other tenant", Item(One) with { TenantId = Guid.NewGuid().ToString() } },
            { "no tenant", Item(One) with { TenantId = null } },
            { "uncovered subject", Item(Stranger) },
            { "another subject inside", Rich(One) with { ResourceData = new ChangedResource(Two.ToString()) } },
            {
                "an uncovered subject inside",
                Rich(Stranger) with
                {
                    ResourceData = new ChangedResource(One.ToString()),
                }
            },
            { "another subject inside, spelled in another case", Sealed(One, $"{{\"ID\":\"{Two}\"}}") },
            { "another subject's address inside", Sealed(One, $"{{\"@odata.id\":\"users/{Two}/presence\"}}") },
            {
                "the address of an uncovered subject",
                Item(One) with
                {
                    ResourceData = new ChangedResource(null, $"users/{Stranger}/presence"),
                }
            },
            {
                "nothing inside",
                Item(One) with
                {
                    EncryptedContent = new EncryptedContent(null, null, null, TestCertificate.Id),
                }
            },
        };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task ProcessAsync_ForgedItem_IsIgnored(string what, object item)
    {
        Assert.Empty(await _host.RefreshesOfAsync((ChangeNotification)item));
        Assert.Null(await _host.ReadAsync(One));
        Assert.NotEmpty(what);
    }

    [Fact]
    public async Task ProcessAsync_PayloadWithoutValidationTokens_IsIgnored()
    {
        Assert.Empty(await _host.RefreshesOfAsync([Rich(One)], tokens: []));
        Assert.Null(await _host.ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_ValidationTokensCannotBeVerified_RefreshesTheSubject()
    {
        _host.Forge.IsDown = true;
        Assert.Equal([One], await _host.RefreshesOfAsync(Rich(One)));
        Assert.Null(await _host.ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_UnknownCertificate_RefreshesTheSubject()
    {
        var rich = Rich(One);
        Assert.Equal(
            [One],
            await _host.RefreshesOfAsync(
                rich with
                {
                    EncryptedContent = rich.EncryptedContent! with { EncryptionCertificateId = "other" },
                }
            )
        );
        Assert.Null(await _host.ReadAsync(One));
    }
}
