using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace PresenceHub.GraphEmulator.Tests.Notifications;

[Trait("Category", "Functional")]
public sealed class NotificationPayloadTests : IAsyncLifetime, IDisposable
{
    private const string Publisher = "0bf30f3b-4a52-48df-9a82-234910c4a086";

    private readonly RichSubscriber _subscriber = new();
    private EmulatorFixture _emulator = null!;
    private NotificationListener _listener = null!;
    private string _person = "";

    public async Task InitializeAsync()
    {
        _emulator = await EmulatorFixture.StartAsync();
        _listener = await NotificationListener.StartAsync();
        _person = (await _emulator.PeopleAsync())[0];
        await _emulator.PinAsync(_person, "Offline", "OffWork");
        await _emulator.SubscribeAsync(
            await _emulator.UserTokenAsync(),
            _subscriber.Enrich(
                EmulatorFixture.Wanted(_listener.Url, [_person], TimeProvider.System.GetUtcNow().AddMinutes(50))
            )
        );
    }

    public async Task DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _listener.DisposeAsync();
    }

    public void Dispose() => _subscriber.Dispose();

    [Fact]
    public async Task Rich_Defaults_AreAsObserved()
    {
        var (post, item) = await ChangeAsync();

        Assert.Equal("updated", (string?)item["changeType"]);
        Assert.Equal("#Microsoft.Graph.presence", (string?)item["resourceData"]!["@odata.type"]);
        Assert.Equal($"users/{_person}/presence", (string?)item["resourceData"]!["@odata.id"]);
        Assert.Equal($"communications/presences?$filter=id+in+(%27{_person}%27)", (string?)item["resource"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.]+$", (string)item["subscriptionExpirationDateTime"]!);
        Assert.Equal(_emulator.Options.TenantId, (string?)item["tenantId"]);
        Assert.False(item.ContainsKey("id") || item.ContainsKey("organizationId"));
        Assert.True(_subscriber.HasGoodSignature(item));
        Assert.Equal(
            ["@odata.id", "@odata.type", "id", "availability", "activity"],
            _subscriber.Decrypt(item).Select(property => property.Key)
        );
        var token = await ValidateAsync(post);
        Assert.Equal(Publisher, token.GetPayloadValue<string>("azp"));
    }

    [Fact]
    public async Task Rich_OtherSwitches_AreFollowed()
    {
        var switches = _emulator.Options.Switches;
        switches.SequenceNumberInRichData = true;
        switches.OutOfOfficeInRichData = true;
        switches.OrganizationIdInNotifications = true;
        switches.LowerCaseTypeInNotifications = true;
        switches.OffsetInNotificationExpiry = true;
        switches.EncodedResourceInNotifications = false;
        switches.PresenceCasing = PresenceCasing.Camel;
        switches.ValidationTokens = TokenVersion.V1;

        var (post, item) = await ChangeAsync();

        var data = _subscriber.Decrypt(item);
        Assert.Matches("^A[0-9]{10}$", (string)data["sequenceNumber"]!);
        Assert.False((bool)data["outOfOfficeSettings"]!["isOutOfOffice"]!);
        Assert.Equal("inACall", (string?)data["activity"]);
        Assert.Equal(_emulator.Options.TenantId, (string?)item["organizationId"]);
        Assert.Equal("#microsoft.graph.presence", (string?)item["resourceData"]!["@odata.type"]);
        Assert.EndsWith("Z", (string)item["subscriptionExpirationDateTime"]!, StringComparison.Ordinal);
        Assert.Contains("id in ('", (string)item["resource"]!, StringComparison.Ordinal);
        var token = TokenOf(post);
        Assert.Equal(Publisher, token.GetPayloadValue<string>("appid"));
        Assert.Equal($"https://sts.windows.net/{_emulator.Options.TenantId}/", token.Issuer);
    }

    [Fact]
    public async Task Narrow_Resource_NamesOnlyWhoChanged()
    {
        _emulator.Options.Switches.NarrowResourceInNotifications = true;

        var (_, item) = await ChangeAsync();

        Assert.Equal($"communications/presences?$filter=id+in+(%27{_person}%27)", (string?)item["resource"]);
    }

    [Fact]
    public async Task Fault_WrongClientState_IsForged()
    {
        Assert.Equal("forged", (string?)(await ChangeAsync(new { wrongClientState = 1 })).Item["clientState"]);
    }

    [Fact]
    public async Task Fault_BadSignature_DoesNotMatch()
    {
        Assert.False(_subscriber.HasGoodSignature((await ChangeAsync(new { badSignature = 1 })).Item));
    }

    [Fact]
    public async Task Fault_OldCertificateId_NamesAnother()
    {
        Assert.NotEqual(
            "hub-1",
            (string?)
                (await ChangeAsync(new { oldCertificateId = 1 })).Item["encryptedContent"]!["encryptionCertificateId"]
        );
    }

    [Fact]
    public async Task Fault_NoTokens_IsNull()
    {
        var (post, _) = await ChangeAsync(new { noTokens = 1 });

        Assert.True(post.ContainsKey("validationTokens"));
        Assert.Null(post["validationTokens"]);
    }

    [Fact]
    public async Task Fault_WrongPublisher_IsAStranger()
    {
        Assert.NotEqual(
            Publisher,
            TokenOf((await ChangeAsync(new { wrongPublisher = 1 })).Post).GetPayloadValue<string>("azp")
        );
    }

    [Fact]
    public async Task Fault_WrongAudience_IsAnotherApplication()
    {
        Assert.NotEqual(
            _emulator.Options.ClientId,
            Assert.Single(TokenOf((await ChangeAsync(new { wrongAudience = 1 })).Post).Audiences)
        );
    }

    [Fact]
    public async Task Fault_ExpiredToken_IsOver()
    {
        Assert.True(
            TokenOf((await ChangeAsync(new { expiredToken = 1 })).Post).ValidTo
                <= TimeProvider.System.GetUtcNow().UtcDateTime
        );
    }

    [Fact]
    public async Task Fault_UnknownKey_IsNotServed()
    {
        var (post, _) = await ChangeAsync(new { unknownKey = 1 });

        var served = (await KeysAsync()).Keys.Select(key => key.Kid).ToArray();
        Assert.NotEmpty(served);
        Assert.DoesNotContain(TokenOf(post).Kid, served);
    }

    private async Task<(JsonObject Post, JsonObject Item)> ChangeAsync(object? faults = null)
    {
        if (faults is not null)
        {
            await _emulator.SetFaultsAsync(new { notifications = faults });
        }

        await _emulator.PinAsync(_person, "Busy", "InACall");
        var post = JsonNode.Parse(await _listener.NextAsync())!.AsObject();
        return (post, Assert.Single(post["value"]!.AsArray())!.AsObject());
    }

    private static JsonWebToken TokenOf(JsonObject post) =>
        new((string)Assert.Single(post["validationTokens"]!.AsArray())!);

    private async Task<JsonWebToken> ValidateAsync(JsonObject post)
    {
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            (string)post["validationTokens"]![0]!,
            new TokenValidationParameters
            {
                ValidAudience = _emulator.Options.ClientId,
                ValidIssuer = $"{_emulator.Authority}/v2.0",
                IssuerSigningKeys = (await KeysAsync()).GetSigningKeys(),
            }
        );
        Assert.True(result.IsValid, result.Exception?.ToString());
        return (JsonWebToken)result.SecurityToken;
    }

    private async Task<JsonWebKeySet> KeysAsync() =>
        new(await _emulator.Http.GetStringAsync("common/discovery/v2.0/keys"));
}
