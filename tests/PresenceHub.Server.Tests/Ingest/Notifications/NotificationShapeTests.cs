using PresenceHub.Server.Ingest.Notifications;
using static PresenceHub.Server.Tests.Ingest.Notifications.NotificationProcessorHost;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

/// <summary>Authentic notifications of another shape than the documented one.</summary>
[Trait("Category", "Functional")]
public sealed class NotificationShapeTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private readonly NotificationProcessorHost _host = new(redis);

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync()
    {
        _host.Dispose();
        return Task.CompletedTask;
    }

    public static TheoryData<string, object> OtherShapes() =>
        new()
        {
            {
                "sequence number as a number",
                Sealed(One, Presence(One).Replace("\"A0000000001\"", "7", StringComparison.Ordinal))
            },
            { "no id", Sealed(One, Presence(One).Replace("\"id\"", "\"userId\"", StringComparison.Ordinal)) },
            {
                "Pascal case",
                Sealed(
                    One,
                    Presence(One)
                        .Replace("\"id\"", "\"Id\"", StringComparison.Ordinal)
                        .Replace("\"a", "\"A", StringComparison.Ordinal)
                )
            },
            {
                "only an address",
                Sealed(One, $"{{\"@odata.id\":\"https://graph.microsoft.com/v1.0/users('{One}')/presence\"}}")
            },
            { "id as a number", Sealed(One, "{\"id\":7}") },
            { "a list", Sealed(One, "[]") },
            { "nothing", Sealed(One, "null") },
            { "no JSON", Sealed(One, "presence") },
            {
                "availability as an object",
                Sealed(One, Presence(One).Replace("\"Busy\"", "{}", StringComparison.Ordinal))
            },
            {
                "a property twice",
                Sealed(One, Presence(One).Replace("{", "{\"activity\":\"Busy\",", StringComparison.Ordinal))
            },
            {
                "the item has only an address",
                Rich(One) with
                {
                    ResourceData = new ChangedResource(null, $"users/{One}/presence"),
                }
            },
            {
                "the item has an address behind a tenant",
                Rich(One) with
                {
                    ResourceData = new ChangedResource(null, $"tenants/{Guid.NewGuid()}/users('{One}')/presence"),
                }
            },
            {
                "the item's id is not an id",
                Rich(One) with
                {
                    ResourceData = new ChangedResource("me", $"Users/{One.ToString().ToUpperInvariant()}/presence"),
                }
            },
            {
                "the item has only a resource",
                Rich(One) with
                {
                    ResourceData = null,
                    Resource = $"communications/presences?$filter=id+in+(%27{One}%27)",
                }
            },
        };

    /// <summary>An authentic item reports a change, whatever its shape. A refresh finds the change.</summary>
    [Theory]
    [MemberData(nameof(OtherShapes))]
    public async Task ProcessAsync_AuthenticItemOfAnotherShape_RefreshesTheSubject(string what, object item)
    {
        Assert.Equal([One], await _host.RefreshesOfAsync((ChangeNotification)item));
        Assert.Null(await _host.ReadAsync(One));
        Assert.Equal(0, _host.Meters.Values("presencehub.ingest.notifications", "outcome=forged").Sum());
        Assert.NotEmpty(what);
    }

    public static TheoryData<string, object> WithoutASubject() =>
        new()
        {
            { "no resource", Item(One) with { ResourceData = null } },
            { "a null id", Rich(One) with { ResourceData = new ChangedResource(null) } },
            {
                "a resource of two subjects",
                Item(One) with
                {
                    ResourceData = null,
                    Resource = $"communications/presences?$filter=id in ('{One}','{Two}')",
                }
            },
        };

    [Theory]
    [MemberData(nameof(WithoutASubject))]
    public async Task ProcessAsync_AuthenticItemWithoutASubject_RefreshesAllSubjectsOfTheSubscription(
        string what,
        object item
    )
    {
        Assert.Equal([One, Two], await _host.RefreshesOfAsync((ChangeNotification)item));
        Assert.Null(await _host.ReadAsync(One));
        Assert.Equal(0, _host.Meters.Values("presencehub.ingest.notifications", "outcome=forged").Sum());
        Assert.NotEmpty(what);
    }

    [Fact]
    public async Task ProcessAsync_IdsInUpperCase_IsApplied()
    {
        var item = Rich(One);
        Assert.Empty(
            await _host.RefreshesOfAsync(
                item with
                {
                    SubscriptionId = item.SubscriptionId!.ToUpperInvariant(),
                    TenantId = item.TenantId!.ToUpperInvariant(),
                    ResourceData = new ChangedResource(One.ToString().ToUpperInvariant()),
                }
            )
        );
        Assert.NotNull(await _host.ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_PayloadWithAByteOrderMark_IsApplied()
    {
        Assert.Empty(await _host.RefreshesOfAsync(Sealed(One, "\uFEFF" + Presence(One))));
        Assert.NotNull(await _host.ReadAsync(One));
    }
}
