using PresenceHub.Server.Control;

namespace PresenceHub.Server.Tests.Control;

[Collection(nameof(StalledPool))]
public sealed class ControlThreadTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task RunAsync_PoolBlocked_TimersAndAnswersStayOnTime()
    {
        var time = ControlTime.Of(TimeProvider.System);
        using var stopping = new CancellationTokenSource();
        var (ticks, answers) = (0, 0);
        var loop = ControlThread.RunAsync("test", async () =>
        {
            while (!stopping.IsCancellationRequested)
            {
                // What another thread completes, as Redis' reader does, and then a timer.
                var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
                new Thread(() => answer.SetResult(1)).Start();
                answers += await answer.Task.AnsweredAsync(time, CancellationToken.None);
                await Task.Delay(TimeSpan.FromMilliseconds(20), time);
                Volatile.Write(ref ticks, ticks + 1);
            }
        });

        var stalled = StalledPool.For(TimeSpan.FromSeconds(2));
        var during = Volatile.Read(ref ticks);
        await stopping.CancelAsync();
        await loop.WaitAsync(Timeout);

        Assert.True(stalled);
        Assert.InRange(during, 10, 100);
        Assert.Equal(ticks, answers);
    }

    [Fact]
    public async Task RunAsync_NoAnswerAndPoolBlocked_EndsAtTheTimeLimit()
    {
        var time = ControlTime.Of(TimeProvider.System);
        var isOver = false;
        var loop = ControlThread.RunAsync("test", async () =>
        {
            await Assert.ThrowsAsync<TimeoutException>(() =>
                new TaskCompletionSource<int>().Task.AnsweredAsync(time, CancellationToken.None)
            );
            Volatile.Write(ref isOver, true);
        });

        Assert.True(StalledPool.For(TimeSpan.FromSeconds(3)));
        Assert.True(Volatile.Read(ref isOver));
        await loop.WaitAsync(Timeout);
    }

    [Fact]
    public async Task RunAsync_LoopFails_FailsWithTheSameException() =>
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            ControlThread
                .RunAsync("test", async () =>
                {
                    await Task.Yield();
                    throw new InvalidDataException();
                })
                .WaitAsync(Timeout)
        );

    [Fact]
    public async Task CreateTimer_MovedLaterAndThenStopped_FiresOnceAndNotAgain()
    {
        var time = ControlTime.Of(TimeProvider.System);
        var fired = 0;
        await ControlThread
            .RunAsync("test", async () =>
            {
                using var timer = time.CreateTimer(
                    _ => fired++,
                    null,
                    TimeSpan.FromMilliseconds(5),
                    System.Threading.Timeout.InfiniteTimeSpan
                );
                timer.Change(TimeSpan.FromMilliseconds(50), System.Threading.Timeout.InfiniteTimeSpan);
                await Task.Delay(TimeSpan.FromMilliseconds(25), time);
                Assert.Equal(0, fired);
                await Task.Delay(TimeSpan.FromMilliseconds(100), time);
                Assert.Equal(1, fired);
                timer.Change(TimeSpan.FromMilliseconds(5), System.Threading.Timeout.InfiniteTimeSpan);
                timer.Change(System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
                await Task.Delay(TimeSpan.FromMilliseconds(50), time);
                Assert.Equal(1, fired);
            })
            .WaitAsync(Timeout);
    }

    [Fact]
    public async Task PoolTurn_PoolIsBlockedAndThenFree_CompletesOnlyWhenFree()
    {
        var time = ControlTime.Of(TimeProvider.System);
        var during = ControlThread.RunAsync("test", async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            Assert.False(await PoolTurn.WaitAsync(TimeSpan.FromSeconds(1), time, CancellationToken.None));
        });

        Assert.True(StalledPool.For(TimeSpan.FromSeconds(4)));

        await during.WaitAsync(Timeout);
        Assert.True(await PoolTurn.WaitAsync(Timeout, TimeProvider.System, CancellationToken.None));
    }
}
