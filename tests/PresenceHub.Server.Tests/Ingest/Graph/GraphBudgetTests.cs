using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

public sealed class GraphBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TrySpend_AtOnce_AllowsATenthOfTheShare()
    {
        using var budget = Create(requests: 1000, share: 0.5);

        // The bucket fills while it is being emptied, by 45 requests in three seconds.
        Assert.InRange(Spend(budget), 50, 60);
    }

    [Fact]
    public void Reduce_Once_HalvesWhatIsAllowed()
    {
        using var budget = Create(requests: 1000, share: 0.5);
        budget.Reduce();
        Assert.Equal(0.5, budget.Rate);
        Assert.InRange(Spend(budget), 25, 32);
    }

    [Fact]
    public void Reduce_Often_NeverStopsAltogether()
    {
        using var budget = Create(requests: 1000, share: 0.5);
        for (var i = 0; i < 20; i++)
        {
            budget.Reduce();
        }

        Assert.Equal(1.0 / 16, budget.Rate);
        Assert.True(budget.TrySpend());
    }

    [Fact]
    public void Rate_WithoutFurtherThrottling_ComesBackSteadily()
    {
        using var budget = Create(requests: 1000, share: 0.5);
        budget.Reduce();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(0.75, budget.Rate, 3);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, budget.Rate, 3);
    }

    [Fact]
    public async Task SpendAsync_TinyBudgetAtItsLowestRate_IsStillPossible()
    {
        using var budget = Create(requests: 1, share: 1);
        budget.Reduce();
        await budget.SpendAsync(CancellationToken.None);
    }

    private static int Spend(GraphBudget budget)
    {
        var spent = 0;
        while (budget.TrySpend())
        {
            spent++;
        }

        return spent;
    }

    private GraphBudget Create(int requests, double share) =>
        new(Options.Create(new GraphOptions { RequestsPer30Seconds = requests, BudgetShare = share }), _time);
}
