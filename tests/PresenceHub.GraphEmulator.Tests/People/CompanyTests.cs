using PresenceHub.GraphEmulator.People;

namespace PresenceHub.GraphEmulator.Tests.People;

public sealed class CompanyTests
{
    [Fact]
    public void IdOf_SameSeed_IsTheSame()
    {
        Assert.Equal(Ids(new Company(50, 1, 7)), Ids(new Company(60, 3, 7)).Take(50));
    }

    [Fact]
    public void IdOf_OtherSeed_IsAnother()
    {
        Assert.Empty(Ids(new Company(50, 1, 7)).Intersect(Ids(new Company(50, 1, 8))));
    }

    [Fact]
    public void TryFind_PrincipalName_FindsThePerson()
    {
        var company = new Company(300, 1, 3);

        Assert.All(Enumerable.Range(0, 300), index =>
        {
            Assert.True(company.TryFind(company.Describe(index).UserPrincipalName, out var found));
            Assert.Equal(index, found);
        });
        Assert.False(company.TryFind("no.person.4@contoso.example", out _));
    }

    [Fact]
    public void ServiceAccounts_AreNotAmongThePeople()
    {
        var company = new Company(20, 4, 1);

        Assert.Equal(4, company.ServiceAccounts.Distinct().Count());
        Assert.DoesNotContain(company.ServiceAccounts, account => company.TryFind(account, out _));
    }

    private static IEnumerable<Guid> Ids(Company company) => Enumerable.Range(0, company.Count).Select(company.IdOf);
}
