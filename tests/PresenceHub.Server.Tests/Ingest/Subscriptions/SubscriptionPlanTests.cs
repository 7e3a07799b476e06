using System.Collections.Frozen;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

public sealed class SubscriptionPlanTests
{
    [Fact]
    public void Assign_TenThousandOverSixteenAccounts_CoversAllOnceWithinCapacity()
    {
        var accounts = Accounts(16);
        var watched = People(10_000);
        Follow(accounts, watched);
        Assert.All(accounts, account => Assert.InRange(account.Covered.Count, 1, AccountSubscription.Capacity));
        Assert.Equal(10_000, accounts.Sum(account => account.Covered.Count));
        Assert.Equal(watched.ToHashSet(), accounts.SelectMany(account => account.Covered).ToHashSet());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(400)]
    public void Assign_FewComeAndGo_MovesNobodyAndRemakesOneSubscription(int few)
    {
        var accounts = Accounts(16);
        Follow(accounts, People(10_000));
        var before = Where(accounts);
        var watched = People(10_000 + few)[few..];
        var (moved, remade) = (0, 0);
        foreach (var (account, wanted) in SubscriptionPlan.Assign(watched.ToHashSet(), accounts))
        {
            moved += wanted.Count(subject => before.TryGetValue(subject, out var other) && other != account);
            remade += wanted.All(account.Covered.Contains) ? 0 : 1;
        }

        Assert.Equal(0, moved);
        Assert.InRange(remade, 1, 2);
    }

    [Fact]
    public void Assign_OneAccountDies_ItsPeopleMoveWhileTheOthersStay()
    {
        var accounts = Accounts(3);
        Follow(accounts, People(1300));
        var dead = accounts[0];
        var stranded = dead.Covered;
        var before = Where(accounts);
        (dead.CanHold, dead.Covered) = (false, []);
        var plan = SubscriptionPlan.Assign(People(1300).ToHashSet(), accounts);
        Assert.DoesNotContain(dead, plan.Keys);
        Assert.Equal(1300, plan.Values.Sum(wanted => wanted.Count));
        Assert.All(plan, kept =>
            Assert.All(kept.Value.Where(subject => !stranded.Contains(subject)), subject =>
                Assert.Equal(kept.Key, before[subject])
            )
        );
    }

    [Fact]
    public void Assign_AFailingAccount_GetsOnlyWhomNobodyElseCanTake()
    {
        var accounts = Accounts(2);
        accounts[0].IsFailing = true;
        Assert.Empty(SubscriptionPlan.Assign(People(600).ToHashSet(), accounts)[accounts[0]]);
        Assert.Equal(50, SubscriptionPlan.Assign(People(700).ToHashSet(), accounts)[accounts[0]].Count);
    }

    [Fact]
    public void Assign_MoreThanAllCanHold_LeavesTheRestToPolling()
    {
        var plan = SubscriptionPlan.Assign(People(2000).ToHashSet(), Accounts(2));
        Assert.All(plan.Values, wanted => Assert.Equal(AccountSubscription.Capacity, wanted.Count));
    }

    [Fact]
    public void Assign_TwoCoverTheSamePerson_OneIsEnough()
    {
        var accounts = Accounts(2);
        accounts[0].Covered = accounts[1].Covered = People(10).ToFrozenSet();
        Assert.Equal(10, SubscriptionPlan.Assign(People(10).ToHashSet(), accounts).Values.Sum(wanted => wanted.Count));
    }

    private static SubjectId[] People(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new SubjectId(new Guid(i, 0, 0, new byte[8])))];

    private static PlannedFake[] Accounts(int count) => [.. Enumerable.Range(0, count).Select(_ => new PlannedFake())];

    private static void Follow(PlannedFake[] accounts, SubjectId[] watched)
    {
        foreach (var (account, wanted) in SubscriptionPlan.Assign(watched.ToHashSet(), accounts))
        {
            account.Covered = wanted.ToFrozenSet();
        }
    }

    private static Dictionary<SubjectId, PlannedFake> Where(PlannedFake[] accounts) =>
        accounts
            .SelectMany(account => account.Covered, (account, subject) => (account, subject))
            .ToDictionary(one => one.subject, one => one.account);

    private sealed class PlannedFake : IPlannedAccount
    {
        public FrozenSet<SubjectId> Covered { get; set; } = [];

        public bool CanHold { get; set; } = true;

        public bool IsFailing { get; set; }
    }
}
