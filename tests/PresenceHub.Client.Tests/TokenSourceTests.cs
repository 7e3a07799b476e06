using PresenceHub.Client.Tests.Fakes;

namespace PresenceHub.Client.Tests;

public sealed class TokenSourceTests
{
    [Fact]
    public async Task AccessTokenFactory_GivesNoTokenInTime_IsNamedAsTheCause()
    {
        var time = new ObservedTime();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var client = new PresenceClient(
            new PresenceClientOptions
            {
                Url = new Uri("http://hub.test/hubs/presence"),
                TimeProvider = time,
                AccessTokenFactory = _ =>
                {
                    asked.TrySetResult();
                    return new TaskCompletionSource<string?>().Task;
                },
            }
        );
        var starting = client.StartAsync();
        await Expect.SoonAsync(asked.Task, "AccessTokenFactory");
        time.Advance(TimeSpan.FromSeconds(30));

        await Expect.ConditionAsync(() => client.Status.Error is not null, "a failed attempt");
        Assert.Equal("AccessTokenFactory gives no token: no token came within 00:00:30.", client.Status.Error!.Message);
        await Expect.SoonAsync(client.StopAsync(), "StopAsync");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Expect.SoonAsync(starting, "StartAsync"));
    }
}
