using System.Collections.Frozen;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

public sealed class SubscriptionPlanTests
{
    [Fact]
    public void Assign_TenThousandOverSixteenAccounts_CoversAllOnceWithinCapacity()
    {
        var watched = Subjects(10_000);
        var accounts = Follow(Accounts(16), watched);
        Assert.All(accounts, account => Assert.InRange(account.Covered.Count, 1, AccountSubscription.Capacity));
        Assert.Equal(10_000, accounts.Sum(account => account.Covered.Count));
        Assert.Equal(watched.ToHashSet(), accounts.SelectMany(account => account.Covered).ToHashSet());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(400)]
    public void Assign_FewSubjectsComeAndGo_MovesNoneAndRecreatesOneSubscription(int few)
    {
        var accounts = Follow(Accounts(16), Subjects(10_000));
        var before = AccountOfEach(accounts);
        var watched = Subjects(10_000 + few)[few..];
        var plan = SubscriptionPlan.Assign(watched.ToHashSet(), accounts);
        var (moved, recreated) = (0, 0);
        for (var account = 0; account < plan.Count; account++)
        {
            moved += plan[account].Count(subject => before.TryGetValue(subject, out var other) && other != account);
            recreated += plan[account].All(accounts[account].Covered.Contains) ? 0 : 1;
        }

        Assert.Equal(0, moved);
        Assert.InRange(recreated, 1, 2);
    }

    [Fact]
    public void Assign_SignInOfOneAccountEnds_ItsSubjectsMoveWhileTheOthersStay()
    {
        var accounts = Follow(Accounts(3), Subjects(1300));
        var stranded = accounts[0].Covered;
        var before = AccountOfEach(accounts);
        accounts[0] = new AccountState([], CanHold: false, IsFailing: false);
        var plan = SubscriptionPlan.Assign(Subjects(1300).ToHashSet(), accounts);
        Assert.Empty(plan[0]);
        Assert.Equal(1300, plan.Sum(subjects => subjects.Count));
        for (var account = 1; account < plan.Count; account++)
        {
            Assert.All(plan[account].Where(subject => !stranded.Contains(subject)), subject =>
                Assert.Equal(account, before[subject])
            );
        }
    }

    [Fact]
    public void Assign_OneAccountFails_GetsOnlySubjectsThatNoOtherCanTake()
    {
        var accounts = Accounts(2);
        accounts[0] = accounts[0] with { IsFailing = true };
        Assert.Empty(SubscriptionPlan.Assign(Subjects(600).ToHashSet(), accounts)[0]);
        Assert.Equal(50, SubscriptionPlan.Assign(Subjects(700).ToHashSet(), accounts)[0].Count);
    }

    [Fact]
    public void Assign_MoreSubjectsThanCapacity_FillsEachAccount()
    {
        var plan = SubscriptionPlan.Assign(Subjects(2000).ToHashSet(), Accounts(2));
        Assert.All(plan, subjects => Assert.Equal(AccountSubscription.Capacity, subjects.Count));
    }

    [Fact]
    public void Assign_TwoAccountsCoverTheSameSubjects_KeepsEachSubjectOnce()
    {
        var accounts = Accounts(2);
        accounts[0] = accounts[1] = accounts[0] with { Covered = Subjects(10).ToFrozenSet() };
        var plan = SubscriptionPlan.Assign(Subjects(10).ToHashSet(), accounts);
        Assert.Equal(10, plan.Sum(subjects => subjects.Count));
    }

    private static SubjectId[] Subjects(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new SubjectId(new Guid(i, 0, 0, new byte[8])))];

    private static AccountState[] Accounts(int count) =>
        [.. Enumerable.Repeat(new AccountState([], CanHold: true, IsFailing: false), count)];

    /// <summary>The accounts after each covers what the plan assigns to it.</summary>
    private static AccountState[] Follow(AccountState[] accounts, SubjectId[] watched) =>
        [
            .. accounts.Zip(SubscriptionPlan.Assign(watched.ToHashSet(), accounts), (account, subjects) =>
                account with
                {
                    Covered = subjects.ToFrozenSet(),
                }
            ),
        ];

    private static Dictionary<SubjectId, int> AccountOfEach(AccountState[] accounts) =>
        accounts
            .SelectMany((account, index) => account.Covered.Select(subject => (subject, index)))
            .ToDictionary(one => one.subject, one => one.index);
}
