using PresenceHub.Server.Control;

namespace PresenceHub.Server.Tests.Control;

public sealed class WorkSignalTests
{
    private readonly WorkSignal _signal = new();

    [Fact]
    public void WaitAsync_SetSeveralTimes_EndsOnce()
    {
        _signal.Set();
        _signal.Set();

        Assert.True(_signal.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);
        Assert.False(_signal.WaitAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task WaitAsync_SetWhileWaiting_Ends()
    {
        var waiting = _signal.WaitAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        _signal.Set();

        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task WaitAsync_Canceled_KeepsTheSignal()
    {
        using var canceled = new CancellationTokenSource();
        var waiting = _signal.WaitAsync(canceled.Token);
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        _signal.Set();

        Assert.True(_signal.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public void Reset_AfterSet_LeavesNothingToWaitFor()
    {
        _signal.Set();
        _signal.Reset();

        Assert.False(_signal.WaitAsync(CancellationToken.None).IsCompleted);
    }
}
