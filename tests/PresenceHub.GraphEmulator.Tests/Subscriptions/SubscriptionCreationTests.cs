using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace PresenceHub.GraphEmulator.Tests.Subscriptions;

[Trait("Category", "Functional")]
public sealed class SubscriptionCreationTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = TestClock.Create();
    private EmulatorFixture _emulator = null!;
    private NotificationListener _listener = null!;
    private string _token = "";
    private IReadOnlyList<string> _people = [];

    public async Task InitializeAsync()
    {
        _emulator = await EmulatorFixture.StartAsync(time: _time);
        _listener = await NotificationListener.StartAsync();
        _token = await _emulator.UserTokenAsync();
        _people = await _emulator.PeopleAsync();
    }

    public async Task DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _listener.DisposeAsync();
    }

    [Theory]
    [InlineData("changeType", null, "InvalidRequest")]
    [InlineData("changeType", "created,updated", "InvalidRequest")]
    [InlineData("notificationUrl", null, "InvalidRequest")]
    [InlineData("notificationUrl", "http://hub.example/notify", "InvalidRequest")]
    [InlineData("notificationUrl", "EventHub:nowhere", "InvalidRequest")]
    [InlineData("resource", null, "InvalidRequest")]
    [InlineData("resource", "/users", "InvalidRequest")]
    [InlineData("expirationDateTime", null, "InvalidRequest")]
    [InlineData("expirationDateTime", "tomorrow", "InvalidRequest")]
    [InlineData("expirationDateTime", "2026-11-23T08:59:00Z", "InvalidRequest")]
    [InlineData("expirationDateTime", "2026-11-23T10:01:00Z", "ExtensionError")]
    [InlineData("vapidPublicKey", "x", "InvalidRequest")]
    [InlineData("latestSupportedTlsVersion", "v2_0", "InvalidRequest")]
    public async Task Create_WrongMember_Is400AndAsksNobody(string name, string? value, string code)
    {
        var wanted = Wanted();
        wanted[name] = value;

        await AssertRefusedAsync(wanted, HttpStatusCode.BadRequest, code);
        Assert.Empty(_listener.Validations);
    }

    [Fact]
    public async Task Create_LongClientStateOrTooManyIdsOrNoCertificate_Is400()
    {
        var longState = Wanted();
        longState["clientState"] = new string('x', 129);
        var many = EmulatorFixture.Wanted(
            _listener.Url,
            Enumerable.Range(0, 651).Select(_ => Guid.NewGuid().ToString()),
            _time.GetUtcNow().AddMinutes(50)
        );
        var bare = Wanted();
        bare["includeResourceData"] = true;

        await AssertRefusedAsync(longState, HttpStatusCode.BadRequest, "InvalidRequest");
        await AssertRefusedAsync(many, HttpStatusCode.BadRequest, "InvalidRequest");
        await AssertRefusedAsync(bare, HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Fact]
    public async Task Create_PlainHttpWithoutTheSwitch_Is400()
    {
        _emulator.Options.Switches.AllowHttpOnLoopback = false;

        await AssertRefusedAsync(Wanted(), HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Fact]
    public async Task Create_ShortLife_IsRaisedToTheFloor()
    {
        Assert.Equal(_time.GetUtcNow().AddMinutes(45), await ExpiryAsync(_time.GetUtcNow().AddMinutes(1)));
    }

    [Fact]
    public async Task Create_UsableLife_IsTakenAsAsked()
    {
        Assert.Equal(_time.GetUtcNow().AddMinutes(58), await ExpiryAsync(_time.GetUtcNow().AddMinutes(58)));
    }

    [Fact]
    public async Task Create_TooLongLifeWhenLenient_IsShortened()
    {
        _emulator.Options.Switches.RejectTooLongLife = false;

        Assert.Equal(_time.GetUtcNow().AddMinutes(60), await ExpiryAsync(_time.GetUtcNow().AddHours(3)));
    }

    [Fact]
    public async Task Create_ByApplicationOrWithWriteScopeOnly_Is403()
    {
        foreach (
            var token in new[]
            {
                await _emulator.ApplicationTokenAsync(),
                await _emulator.UserTokenAsync(scope: "Presence.ReadWrite"),
            }
        )
        {
            var response = await _emulator.SendAsync(HttpMethod.Post, "v1.0/subscriptions", token, Wanted());
            Assert.Equal(
                (HttpStatusCode.Forbidden, "ExtensionError"),
                (response.StatusCode, await EmulatorFixture.ErrorCodeAsync(response))
            );
        }
    }

    [Fact]
    public async Task Create_SameAgain_NamesTheOneThatIsThere()
    {
        var id = await _emulator.SubscribeAsync(_token, Wanted());

        var response = await _emulator.SendAsync(HttpMethod.Post, "v1.0/subscriptions", _token, Wanted());

        Assert.Equal("ObjectIdentifierInUse", await EmulatorFixture.ErrorCodeAsync(response));
        Assert.Contains(id, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_TwoAtOnceForOneAccount_OnlyOneSucceeds()
    {
        var answers = await Task.WhenAll(
            _emulator.SendAsync(HttpMethod.Post, "v1.0/subscriptions", _token, Wanted(2)),
            _emulator.SendAsync(HttpMethod.Post, "v1.0/subscriptions", _token, Wanted(3))
        );

        Assert.Equal([201, 409], answers.Select(answer => (int)answer.StatusCode).Order());
        Assert.Equal(1, Assert.Single((await _emulator.CountersAsync()).MostSubscriptionsPerAccount).Value);
    }

    [Fact]
    public async Task Create_TwoAddresses_AsksBothEvenWhenEqual()
    {
        var wanted = Wanted();
        wanted["lifecycleNotificationUrl"] = _listener.Url;

        await _emulator.SubscribeAsync(_token, wanted);

        Assert.Equal(2, _listener.Validations.Distinct().Count());
        Assert.NotEmpty(_listener.Validations);
        Assert.All(_listener.Validations, token => Assert.Contains("% a+b=c", token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Create_EndpointEchoesWrongly_Is400WithTheReason()
    {
        var answers = new (Func<string, IResult> Answer, string Reason)[]
        {
            (_ => Results.StatusCode(202), "must respond with 200 OK"),
            (_ => Results.Redirect("/elsewhere"), "must respond with 200 OK"),
            (token => Results.Text(Uri.EscapeDataString(token), "text/plain"), "must exactly match"),
            (token => Results.Text($"\"{token}\"", "text/plain"), "must exactly match"),
            (token => Results.Text(token, "text/html"), "must exactly match"),
        };
        foreach (var (answer, reason) in answers)
        {
            _listener.Validate = answer;
            var response = await _emulator.SendAsync(HttpMethod.Post, "v1.0/subscriptions", _token, Wanted());
            Assert.Equal(
                (HttpStatusCode.BadRequest, "ValidationError"),
                (response.StatusCode, await EmulatorFixture.ErrorCodeAsync(response))
            );
            Assert.Contains(reason, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(0, (await _emulator.CountersAsync()).LiveSubscriptions);
    }

    [Fact]
    public async Task Create_EndpointNeverAnswers_TimesOutOnTheEmulatedClock()
    {
        using var release = new ManualResetEventSlim();
        _listener.Validate = token =>
        {
            release.Wait(EmulatorFixture.Patience);
            return Results.Text(token, "text/plain");
        };
        var creating = _emulator.SendAsync(HttpMethod.Post, "v1.0/subscriptions", _token, Wanted());

        await _time.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => creating.IsCompleted);
        release.Set();

        Assert.Contains("timed out", await (await creating).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WhileValidationRuns_IsNotAnsweredNorListed()
    {
        var creating = new TaskCompletionSource<Task<HttpResponseMessage>>();
        var wasDone = true;
        _listener.Validate = token =>
        {
            wasDone = creating.Task.Result.IsCompleted;
            return Results.Text(token, "text/plain");
        };

        creating.SetResult(_emulator.SendAsync(HttpMethod.Post, "v1.0/subscriptions", _token, Wanted()));

        Assert.Equal(HttpStatusCode.Created, (await await creating.Task).StatusCode);
        Assert.False(wasDone);
    }

    [Fact]
    public async Task Create_NamingUnknownUser_FailsWholeWhenSwitchedOn()
    {
        var unknown = Guid.NewGuid().ToString();
        var wanted = EmulatorFixture.Wanted(_listener.Url, [.. _people, unknown], _time.GetUtcNow().AddMinutes(50));
        _emulator.Options.Switches.UnknownSubjectsFailSubscription = true;

        var refused = await _emulator.SendAsync(HttpMethod.Post, "v1.0/subscriptions", _token, wanted);
        _emulator.Options.Switches.UnknownSubjectsFailSubscription = false;
        await _emulator.SubscribeAsync(_token, wanted);

        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        var message = await refused.Content.ReadAsStringAsync();
        Assert.Contains(unknown, message, StringComparison.Ordinal);
        Assert.DoesNotContain(_people[0], message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_RightAfterDelete_FailsForAsLongAsTheFaultSays()
    {
        await _emulator.SetFaultsAsync(new { afterDelete = new { status = 409, @for = "00:00:30" } });
        var id = await _emulator.SubscribeAsync(_token, Wanted());
        await _emulator.SendAsync(HttpMethod.Delete, $"v1.0/subscriptions/{id}", _token);

        await AssertRefusedAsync(Wanted(), HttpStatusCode.Conflict, "Conflict");
        _time.Advance(TimeSpan.FromSeconds(30));
        await _emulator.SubscribeAsync(_token, Wanted());
    }

    private JsonObject Wanted(int people = 20) =>
        EmulatorFixture.Wanted(_listener.Url, _people.Take(people), _time.GetUtcNow().AddMinutes(50));

    private async Task AssertRefusedAsync(JsonObject wanted, HttpStatusCode status, string code)
    {
        var response = await _emulator.SendAsync(HttpMethod.Post, "v1.0/subscriptions", _token, wanted);
        Assert.Equal((status, code), (response.StatusCode, await EmulatorFixture.ErrorCodeAsync(response)));
    }

    private async Task<DateTimeOffset> ExpiryAsync(DateTimeOffset asked)
    {
        var response = await _emulator.SendAsync(
            HttpMethod.Post,
            "v1.0/subscriptions",
            _token,
            EmulatorFixture.Wanted(_listener.Url, _people, asked)
        );
        return (DateTimeOffset)(await EmulatorFixture.ReadAsync(response))["expirationDateTime"]!;
    }
}
