using PresenceHub.GraphEmulator.People;
using PresenceHub.GraphEmulator.Presences;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>
/// The users that can sign in: the people, the accounts that hold subscriptions, and, for the hub's API, any GUID.
/// </summary>
internal sealed class Accounts(Company company, PresenceBoard board, GraphEmulatorOptions options)
{
    public bool TryFind(string idOrPrincipalName, TokenResource resource, out Person person)
    {
        if (company.TryFind(idOrPrincipalName, out var index))
        {
            person = company.Describe(index);
            return board.Exists(person.Id);
        }

        foreach (var account in company.ServiceAccounts)
        {
            person = company.DescribeServiceAccount(account);
            if (
                person.Id.ToString().Equals(idOrPrincipalName, StringComparison.OrdinalIgnoreCase)
                || person.UserPrincipalName.Equals(idOrPrincipalName, StringComparison.OrdinalIgnoreCase)
            )
            {
                return true;
            }
        }

        if (
            resource == TokenResource.Hub
            && options.Switches.AllowUnknownWatchers
            && Guid.TryParse(idOrPrincipalName, out var id)
        )
        {
            person = new Person(id, "Watcher", id.ToString("N")[..8], "", "", $"watcher-{id:N}@contoso.example");
            return true;
        }

        person = default;
        return false;
    }

    public IEnumerable<Person> Suggest(int count) =>
        company
            .ServiceAccounts.Take(count)
            .Select(company.DescribeServiceAccount)
            .Concat(Enumerable.Range(0, Math.Min(count, company.Count)).Select(company.Describe));
}
