using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

public sealed class RequestPacerTests : IDisposable
{
    private static readonly TimeSpan JustBeforeOvertaking = TimeSpan.FromMilliseconds(99);

    private readonly FakeTimeProvider _time = new();
    private readonly RequestPacer _pacer;

    public RequestPacerTests() => _pacer = new RequestPacer(_time);

    public void Dispose() => _pacer.Dispose();

    [Fact]
    public async Task Enter_OneIsOut_WaitsForItsAnswer()
    {
        var first = await _pacer.EnterAsync(default);
        var second = _pacer.EnterAsync(default);
        _time.Advance(JustBeforeOvertaking);
        Assert.False(second.IsCompleted);

        first.Dispose();

        (await second).Dispose();
    }

    [Fact]
    public async Task Enter_OneIsOutForAWhile_OvertakesOneByOne()
    {
        using var first = await _pacer.EnterAsync(default);
        var second = _pacer.EnterAsync(default);
        var third = _pacer.EnterAsync(default);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        using var overtaking = await second;
        _time.Advance(JustBeforeOvertaking);
        Assert.False(third.IsCompleted);
        overtaking.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task Enter_AfterARefusal_DoesNotOvertakeUntilOneHasPassed()
    {
        _pacer.Refused();
        using var first = await _pacer.EnterAsync(default);
        var second = _pacer.EnterAsync(default);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(second.IsCompleted);

        _pacer.Passed();
        first.Dispose();
        using var next = await second;
        var third = _pacer.EnterAsync(default);
        _time.Advance(TimeSpan.FromMilliseconds(100));

        (await third).Dispose();
    }

    [Fact]
    public async Task Enter_ACallerGivesUp_TheNextGetsTheTurn()
    {
        var first = await _pacer.EnterAsync(default);
        using var cancellation = new CancellationTokenSource();
        var second = _pacer.EnterAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        first.Dispose();

        (await _pacer.EnterAsync(default)).Dispose();
    }
}
