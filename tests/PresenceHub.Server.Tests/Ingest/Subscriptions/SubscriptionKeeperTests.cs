using PresenceHub.Server.Ingest.Coverage;
using static PresenceHub.Server.Tests.Ingest.Subscriptions.AccountSubscriptionHost;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

[Trait("Category", "Functional")]
public sealed class SubscriptionKeeperTests(RedisFixture redis) : IClassFixture<RedisFixture>, IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly AccountSubscriptionHost _host = new(redis);

    public void Dispose() => _host.Dispose();

    /// <summary>The next leader must not find calls of this term in progress.</summary>
    [Fact]
    public async Task WhenIdleAsync_AccountRemovedDuringItsMaintenance_WaitsForIt()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Graph.Graph.BeforeAnswer = () =>
        {
            asked.TrySetResult();
            return answered.Task;
        };
        var watched = new WatchedSubjects(_host.Time);
        watched.SetHeld(Subjects(2).ToHashSet(), watched.Now);
        var (accounts, keeper) = _host.BeginTerm(watched);
        using var term = new CancellationTokenSource();
        using (keeper)
        {
            keeper.MaintainOnce(term.Token);
            await asked.Task.WaitAsync(Timeout);
            accounts.Set([]);
            keeper.MaintainOnce(term.Token);
            await term.CancelAsync();

            var idle = keeper.WhenIdleAsync();
            Assert.False(idle.IsCompleted);
            answered.SetResult();
            await idle.WaitAsync(Timeout)
                .ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
                );
            Assert.True(idle.IsCompleted);
        }
    }
}
