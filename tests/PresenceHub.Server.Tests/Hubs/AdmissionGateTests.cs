using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class AdmissionGateTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task EnterAsync_WithinTheBurst_GoesOnAtOnce()
    {
        using var gate = new AdmissionGate(perSecond: 1, burst: 3, maxWait: TimeSpan.Zero);

        for (var i = 0; i < 3; i++)
        {
            var entering = gate.EnterAsync(1, CancellationToken.None);
            Assert.True(entering.IsCompletedSuccessfully);
            Assert.Null(await entering);
        }
    }

    [Fact]
    public async Task EnterAsync_BeyondTheBurstWithoutWaiting_IsRefusedForASecond()
    {
        using var gate = new AdmissionGate(perSecond: 1, burst: 1, maxWait: TimeSpan.Zero);
        await gate.EnterAsync(1, CancellationToken.None);

        Assert.Equal(TimeSpan.FromSeconds(1), await gate.EnterAsync(1, CancellationToken.None));
        Assert.Equal(1, gate.Refused);
    }

    [Fact]
    public async Task EnterAsync_MoreThanCanWait_AreRefusedAndTheOthersServedInTheirOrder()
    {
        using var gate = new AdmissionGate(perSecond: 10, burst: 1, maxWait: TimeSpan.FromSeconds(1));
        await gate.EnterAsync(1, CancellationToken.None);
        var served = new List<int>();
        var waiting = Enumerable
            .Range(0, 30)
            .Select(async i =>
            {
                var retryAfter = await gate.EnterAsync(1, CancellationToken.None);
                if (retryAfter is null)
                {
                    lock (served)
                    {
                        served.Add(i);
                    }
                }

                return retryAfter;
            })
            .ToArray();

        var answers = await Task.WhenAll(waiting).WaitAsync(Timeout);

        // Ten can wait, and more where a token came while the callers came.
        Assert.InRange(served.Count, 10, 29);
        Assert.Equal(served.Order(), served);
        Assert.All(answers.OfType<TimeSpan>(), retryAfter =>
            Assert.InRange(retryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2))
        );
        Assert.Equal(30 - served.Count, gate.Refused);
        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public async Task RefuseWhenFull_PlacesLeft_TakesNone()
    {
        using var gate = new AdmissionGate(perSecond: 1, burst: 1, maxWait: TimeSpan.FromSeconds(1));
        Assert.Null(gate.RefuseWhenFull());
        Assert.Null(await gate.EnterAsync(1, CancellationToken.None));
        Assert.Null(gate.RefuseWhenFull());
        var waiting = gate.EnterAsync(1, CancellationToken.None);

        Assert.Equal(TimeSpan.FromSeconds(1), gate.RefuseWhenFull());

        Assert.Equal((1, 1), (gate.Waiting, gate.Refused));
        Assert.Null(await waiting);
    }

    [Fact]
    public async Task EnterAsync_ClientLeavesWhileItWaits_FreesItsPlace()
    {
        using var gate = new AdmissionGate(perSecond: 1, burst: 1, maxWait: TimeSpan.FromSeconds(30));
        await gate.EnterAsync(1, CancellationToken.None);
        using var leaving = new CancellationTokenSource();
        var waiting = gate.EnterAsync(1, leaving.Token);
        Assert.Equal(1, gate.Waiting);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        Assert.Equal(0, gate.Waiting);
    }
}
