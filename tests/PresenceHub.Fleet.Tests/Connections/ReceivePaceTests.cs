using Microsoft.Extensions.Time.Testing;
using PresenceHub.Fleet.Connections;

namespace PresenceHub.Fleet.Tests.Connections;

public sealed class ReceivePaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ReceivePace _pace;

    public ReceivePaceTests() => _pace = new ReceivePace(1024, _time);

    [Fact]
    public void Wait_BeforeTheLimit_DoesNotHold()
    {
        Assert.True(_pace.WaitAsync(100_000).AsTask().IsCompletedSuccessfully);
        Assert.Equal(4096, _pace.NextReadBytes(4096));
    }

    [Fact]
    public async Task Wait_Limited_TakesAsLongAsTheBytes()
    {
        _pace.Limit();

        var wait = _pace.WaitAsync(512).AsTask();

        Assert.Equal(1024, _pace.NextReadBytes(4096));
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await wait;
    }

    [Fact]
    public async Task Wait_Stopped_LastsUntilTheConnectionEnds()
    {
        _pace.Stop();

        var wait = _pace.WaitAsync(1).AsTask();

        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(wait.IsCompleted);
        _pace.End();
        await wait;
    }
}
