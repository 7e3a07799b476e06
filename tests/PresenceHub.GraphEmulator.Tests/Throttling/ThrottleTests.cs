using System.Net;

namespace PresenceHub.GraphEmulator.Tests.Throttling;

[Trait("Category", "Functional")]
public sealed class ThrottleTests
{
    [Fact]
    public async Task Presence_OverTheQuota_IsToldToWaitAndThenServed()
    {
        var time = TestClock.Create();
        var options = EmulatorFixture.Still();
        options.Limits.PresenceRequests = 3;
        await using var emulator = await EmulatorFixture.StartAsync(options, time);
        var token = await emulator.ApplicationTokenAsync();
        var path = $"v1.0/users/{(await emulator.PeopleAsync())[0]}/presence";

        for (var request = 0; request < 3; request++)
        {
            Assert.Equal(HttpStatusCode.OK, (await emulator.SendAsync(HttpMethod.Get, path, token)).StatusCode);
        }

        var throttled = await emulator.SendAsync(HttpMethod.Get, path, token);
        var early = await emulator.SendAsync(HttpMethod.Get, path, token);
        var counters = await emulator.CountersAsync();
        time.Advance(early.Headers.RetryAfter!.Delta!.Value);
        var later = await emulator.SendAsync(HttpMethod.Get, path, token);

        Assert.Equal((HttpStatusCode)429, throttled.StatusCode);
        Assert.InRange(throttled.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        Assert.Equal("TooManyRequests", await EmulatorFixture.ErrorCodeAsync(throttled));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        var caller = Assert.Single(counters.Callers, caller => caller.ApplicationId is not null);
        Assert.Equal((2, 1, 5), (caller.OverBudget, caller.InsideRetryAfter, caller.Requests["getPresence"]));
    }

    [Theory]
    [InlineData(RetryAfterStyle.Seconds, "^[0-9]+$")]
    [InlineData(RetryAfterStyle.Fraction, "^[0-9]+\\.[0-9]{3}$")]
    [InlineData(RetryAfterStyle.HttpDate, " GMT$")]
    [InlineData(RetryAfterStyle.Absent, "^$")]
    public async Task RetryAfter_EachStyle_IsSpelledSo(RetryAfterStyle style, string pattern)
    {
        var options = EmulatorFixture.Still();
        options.Limits.SubscriptionLists = 1;
        options.Switches.RetryAfter = style;
        await using var emulator = await EmulatorFixture.StartAsync(options);
        var token = await emulator.UserTokenAsync();
        await emulator.SendAsync(HttpMethod.Get, "v1.0/subscriptions", token);

        var response = await emulator.SendAsync(HttpMethod.Get, "v1.0/subscriptions", token);

        Assert.Equal((HttpStatusCode)429, response.StatusCode);
        var header = response.Headers.TryGetValues("Retry-After", out var values) ? string.Join(',', values) : "";
        Assert.Matches(pattern, header);
    }

    [Fact]
    public void Limits_Defaults_AreTheDocumentedOnes()
    {
        var limits = new GraphEmulatorLimits();

        Assert.Equal((1_500, TimeSpan.FromSeconds(30)), (limits.PresenceRequests, limits.PresenceWindow));
        Assert.Equal(
            (500, 500, 25, 1_000),
            (limits.SubscriptionWrites, limits.SubscriptionReads, limits.SubscriptionLists, limits.Reauthorizations)
        );
        Assert.Equal(TimeSpan.FromSeconds(20), limits.SubscriptionWindow);
    }
}
