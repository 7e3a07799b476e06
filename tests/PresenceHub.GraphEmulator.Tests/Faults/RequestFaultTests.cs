using System.Net;
using System.Text.Json;

namespace PresenceHub.GraphEmulator.Tests.Faults;

[Trait("Category", "Functional")]
public sealed class RequestFaultTests
{
    [Fact]
    public async Task Status_Times_HitsThatManyAndOnlyItsOperation()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var token = await emulator.ApplicationTokenAsync();
        await SetAsync(
            emulator,
            new
            {
                operation = "listUsers",
                status = 503,
                retryAfter = 7,
                times = 2,
            }
        );

        var statuses = new List<HttpStatusCode>();
        for (var request = 0; request < 3; request++)
        {
            var response = await emulator.SendAsync(HttpMethod.Get, "v1.0/users", token);
            statuses.Add(response.StatusCode);
            Assert.Equal(request < 2 ? TimeSpan.FromSeconds(7) : null, response.Headers.RetryAfter?.Delta);
        }

        Assert.Equal(
            [HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK],
            statuses
        );
        Assert.Equal(
            2,
            Assert
                .Single((await emulator.CountersAsync()).Callers, caller => caller.ApplicationId is not null)
                .InsideRetryAfter
        );
    }

    [Fact]
    public async Task Status_TokenEndpoint_CanFailToo()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await SetAsync(emulator, new { operation = "token", status = 500 });

        Assert.Equal(
            HttpStatusCode.InternalServerError,
            (await emulator.TokenAsync(("grant_type", "client_credentials"))).StatusCode
        );
        await emulator.Http.DeleteAsync("emulator/faults");
        Assert.NotEmpty(await emulator.ApplicationTokenAsync());
    }

    [Fact]
    public async Task Latency_PassesOnTheEmulatedClock()
    {
        var time = TestClock.Create();
        await using var emulator = await EmulatorFixture.StartAsync(time: time);
        var token = await emulator.ApplicationTokenAsync();
        await SetAsync(emulator, new { latency = "00:01:00" });
        var start = time.GetUtcNow();

        var reading = emulator.SendAsync(HttpMethod.Get, "v1.0/users", token);
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), () => reading.IsCompleted);

        Assert.True(time.GetUtcNow() - start >= TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await reading).StatusCode);
    }

    [Fact]
    public async Task Hang_NeverAnswersAndDoesNotKeepTheEmulatorFromStopping()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var token = await emulator.ApplicationTokenAsync();
        await SetAsync(emulator, new { operation = "listUsers", hang = true });

        var reading = emulator.SendAsync(HttpMethod.Get, "v1.0/users", token);
        var other = await emulator.SendAsync(HttpMethod.Get, $"v1.0/users/{(await emulator.PeopleAsync())[0]}", token);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.False(reading.IsCompleted);
        await emulator.Server.DisposeAsync().AsTask().WaitAsync(EmulatorFixture.Patience);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => reading);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("garbage")]
    public async Task Body_Spoilt_IsCompleteButNoJson(string body)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var token = await emulator.ApplicationTokenAsync();
        await SetAsync(emulator, new { operation = "listUsers", body });

        var response = await emulator.SendAsync(HttpMethod.Get, "v1.0/users", token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        Assert.NotEmpty(text);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(text));
    }

    [Fact]
    public async Task Body_Cut_BreaksTheConnection()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var token = await emulator.ApplicationTokenAsync();
        await SetAsync(emulator, new { operation = "listUsers", body = "cut" });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            emulator.SendAsync(HttpMethod.Get, "v1.0/users", token)
        );
    }

    [Fact]
    public async Task DropResponse_CreatedSubscription_IsFoundByList()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await using var listener = await NotificationListener.StartAsync();
        var token = await emulator.UserTokenAsync();
        await SetAsync(
            emulator,
            new
            {
                operation = "createSubscription",
                dropResponse = true,
                times = 1,
            }
        );
        var wanted = EmulatorFixture.Wanted(
            listener.Url,
            await emulator.PeopleAsync(),
            TimeProvider.System.GetUtcNow().AddMinutes(50)
        );

        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            emulator.SendAsync(HttpMethod.Post, "v1.0/subscriptions", token, wanted)
        );
        var listed = await EmulatorFixture.ReadAsync(
            await emulator.SendAsync(HttpMethod.Get, "v1.0/subscriptions", token)
        );
        var again = await emulator.SendAsync(HttpMethod.Post, "v1.0/subscriptions", token, wanted);

        Assert.Single(listed["value"]!.AsArray());
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Fact]
    public async Task Put_MisspeltFault_IsRefused()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => SetAsync(emulator, new { operation = "*", stauts = 500 }));
    }

    [Fact]
    public async Task Get_Faults_ShowsWhatWasSet()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await SetAsync(
            emulator,
            new
            {
                operation = "token",
                body = "garbage",
                latency = "00:00:02",
            }
        );

        var shown = await EmulatorFixture.ReadAsync(await emulator.Http.GetAsync("emulator/faults"));

        Assert.Equal(
            ("token", "garbage"),
            ((string?)shown["requests"]![0]!["operation"], (string?)shown["requests"]![0]!["body"])
        );
    }

    private static Task SetAsync(EmulatorFixture emulator, object fault) =>
        emulator.SetFaultsAsync(new { requests = new[] { fault } });
}
