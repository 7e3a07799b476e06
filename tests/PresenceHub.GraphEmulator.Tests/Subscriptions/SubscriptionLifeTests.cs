using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace PresenceHub.GraphEmulator.Tests.Subscriptions;

[Trait("Category", "Functional")]
public sealed class SubscriptionLifeTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = TestClock.Create();
    private EmulatorFixture _emulator = null!;
    private NotificationListener _listener = null!;
    private string _token = "";
    private string _id = "";

    public async Task InitializeAsync()
    {
        var options = EmulatorFixture.Still();
        options.ServiceAccounts = 2;
        _emulator = await EmulatorFixture.StartAsync(options, _time);
        _listener = await NotificationListener.StartAsync();
        _token = await _emulator.UserTokenAsync();
        _id = await _emulator.SubscribeAsync(
            _token,
            EmulatorFixture.Wanted(_listener.Url, await _emulator.PeopleAsync(), _time.GetUtcNow().AddMinutes(50))
        );
    }

    public async Task DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _listener.DisposeAsync();
    }

    [Fact]
    public async Task AnyCall_ByAnotherAccountOrTheApplication_DoesNotSeeIt()
    {
        var other = await _emulator.UserTokenAsync(_emulator.Server.ServiceAccountIds[1]);
        foreach (var token in new[] { other, await _emulator.ApplicationTokenAsync() })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await CallAsync(HttpMethod.Get, token)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await CallAsync(HttpMethod.Delete, token)).StatusCode);
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await PatchAsync(new { expirationDateTime = In(55) }, token)).StatusCode
            );
        }

        var list = await EmulatorFixture.ReadAsync(
            await _emulator.SendAsync(HttpMethod.Get, "v1.0/subscriptions", other)
        );
        Assert.Empty(list["value"]!.AsArray());
    }

    [Fact]
    public async Task Patch_NothingUpdatableOrAnotherResource_Is400()
    {
        object[] bodies =
        [
            new { clientState = "other" },
            new { expirationDateTime = In(61) },
            new { expirationDateTime = In(55), resource = "/communications/presences/x" },
            new { expirationDateTime = In(55), lifecycleNotificationUrl = _listener.Url },
        ];
        foreach (var body in bodies)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await PatchAsync(body)).StatusCode);
        }
    }

    [Fact]
    public async Task Patch_Expiry_MovesTheEndAndKeepsTheRest()
    {
        _time.Advance(TimeSpan.FromMinutes(30));

        var renewed = await EmulatorFixture.ReadAsync(await PatchAsync(new { expirationDateTime = In(55) }));

        Assert.Equal(_time.GetUtcNow().AddMinutes(55), (DateTimeOffset)renewed["expirationDateTime"]!);
        Assert.Equal("state", (string?)renewed["clientState"]);
        _time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(HttpMethod.Get, await _emulator.UserTokenAsync())).StatusCode);
    }

    [Fact]
    public async Task Patch_RenewalKeepsExpiry_Answers200AndChangesNothing()
    {
        _emulator.Options.Switches.RenewalKeepsExpiry = true;
        var end = _time.GetUtcNow().AddMinutes(50);
        _time.Advance(TimeSpan.FromMinutes(10));

        var response = await PatchAsync(new { expirationDateTime = In(55) });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(end, (DateTimeOffset)(await EmulatorFixture.ReadAsync(response))["expirationDateTime"]!);
    }

    [Fact]
    public async Task Patch_AnotherUrl_IsValidatedFirst()
    {
        await using var second = await NotificationListener.StartAsync();
        second.Validate = _ => Microsoft.AspNetCore.Http.Results.StatusCode(500);

        var refused = await PatchAsync(new { notificationUrl = second.Url });
        second.Validate = token => Microsoft.AspNetCore.Http.Results.Text(token, "text/plain");
        var accepted = await PatchAsync(new { notificationUrl = second.Url });

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, accepted.StatusCode));
        Assert.Equal(2, second.Validations.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Patch_Certificate_DependsOnTheSwitch(bool allowed)
    {
        _emulator.Options.Switches.CertificateChangeByRenewal = allowed;
        using var subscriber = new RichSubscriber();
        var body = subscriber.Enrich([]);
        body["expirationDateTime"] = In(55);

        var renewed = await EmulatorFixture.ReadAsync(await PatchAsync(body));

        Assert.Equal(allowed ? "hub-1" : null, (string?)renewed["encryptionCertificateId"]);
    }

    [Fact]
    public async Task Reauthorize_DoesNotMoveTheEnd()
    {
        var end = _time.GetUtcNow().AddMinutes(50);
        _time.Advance(TimeSpan.FromMinutes(10));

        var response = await _emulator.SendAsync(HttpMethod.Post, $"v1.0/subscriptions/{_id}/reauthorize", _token);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(
            end,
            (DateTimeOffset)
                (await EmulatorFixture.ReadAsync(await CallAsync(HttpMethod.Get, _token)))["expirationDateTime"]!
        );
    }

    [Fact]
    public async Task Delete_Twice_IsGoneTheSecondTime()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await CallAsync(HttpMethod.Delete, _token)).StatusCode);
        var again = await CallAsync(HttpMethod.Delete, _token);
        Assert.Equal(
            (HttpStatusCode.NotFound, "ResourceNotFound"),
            (again.StatusCode, await EmulatorFixture.ErrorCodeAsync(again))
        );
    }

    [Fact]
    public async Task Expiry_PassesWithoutAWordAndMakesRoom()
    {
        _time.Advance(TimeSpan.FromMinutes(50));
        var token = await _emulator.UserTokenAsync();

        Assert.Equal(
            HttpStatusCode.NotFound,
            (await PatchAsync(new { expirationDateTime = In(55) }, token)).StatusCode
        );
        _id = await _emulator.SubscribeAsync(
            token,
            EmulatorFixture.Wanted(_listener.Url, await _emulator.PeopleAsync(), _time.GetUtcNow().AddMinutes(50))
        );
        Assert.False(_listener.TryNext(out _));
    }

    [Fact]
    public async Task ControlDelete_EndsItWithoutAWord()
    {
        await _emulator.Http.DeleteAsync($"emulator/subscriptions/{_id}");
        await _emulator.PinAsync((await _emulator.PeopleAsync())[0], "Busy", "Focusing");

        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync(HttpMethod.Get, _token)).StatusCode);
        Assert.Equal(0, (await _emulator.CountersAsync()).Notifications.Queued);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await _emulator.Http.DeleteAsync($"emulator/subscriptions/{_id}")).StatusCode
        );
    }

    [Fact]
    public async Task ControlList_ShowsWhatIsLive()
    {
        var listed = JsonNode.Parse(await _emulator.Http.GetStringAsync("emulator/subscriptions"))!.AsArray();

        var subscription = Assert.Single(listed)!;
        Assert.Equal(_id, (string?)subscription["id"]);
        Assert.Equal(20, (int)subscription["count"]!);
        Assert.Equal(20, subscription["ids"]!.AsArray().Count);
        Assert.Equal(_emulator.Server.ServiceAccountId, (string?)subscription["accountId"]);
    }

    [Fact]
    public async Task List_MoreThanAPage_IsPaged()
    {
        _emulator.Options.Limits.SubscriptionsPerAccount = 30;
        var people = await _emulator.PeopleAsync();
        for (var count = 1; count < 25; count++)
        {
            await _emulator.SubscribeAsync(
                _token,
                EmulatorFixture.Wanted(
                    $"{_listener.Url}&n={count}",
                    people.Take(1 + (count % 19)).Append(Guid.NewGuid().ToString()),
                    _time.GetUtcNow().AddMinutes(50)
                )
            );
        }

        var first = await EmulatorFixture.ReadAsync(
            await _emulator.SendAsync(HttpMethod.Get, "v1.0/subscriptions", _token)
        );
        var second = await EmulatorFixture.ReadAsync(
            await _emulator.SendAsync(HttpMethod.Get, (string)first["@odata.nextLink"]!, _token)
        );

        Assert.Equal((20, 5), (first["value"]!.AsArray().Count, second["value"]!.AsArray().Count));
        Assert.NotEmpty(first["value"]!.AsArray());
        Assert.All(first["value"]!.AsArray(), subscription => Assert.Null(subscription!["clientState"]));
    }

    private string In(int minutes) => _time.GetUtcNow().AddMinutes(minutes).ToString("O");

    private Task<HttpResponseMessage> CallAsync(HttpMethod method, string token) =>
        _emulator.SendAsync(method, $"v1.0/subscriptions/{_id}", token);

    private Task<HttpResponseMessage> PatchAsync(object body, string? token = null) =>
        _emulator.SendAsync(HttpMethod.Patch, $"v1.0/subscriptions/{_id}", token ?? _token, body);
}
