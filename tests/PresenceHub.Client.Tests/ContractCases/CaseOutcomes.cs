namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>What the calls of a case have returned, by their names.</summary>
internal sealed class CaseOutcomes
{
    private readonly Dictionary<string, Task<WatchAdmission>> _calls = [];

    public void Add(string name, Task<WatchAdmission> call) => _calls[name] = call;

    public bool Matches(string name, CaseObject expected)
    {
        var call = _calls[name];
        if (expected.IsTrue("pending"))
        {
            return !call.IsCompleted;
        }

        if (expected.Text("error") is { } code)
        {
            return call.Exception?.InnerException is PresenceHubException failure && failure.Code == code;
        }

        var entries = CaseValues.Ids(expected.Texts("entries"));
        var rejected = expected.Objects("rejected").Select(CaseValues.Rejected).ToArray();
        return call.IsCompletedSuccessfully
            && call.Result.Entries.Select(entry => entry.Id).SequenceEqual(entries)
            && call.Result.Rejected.SequenceEqual(rejected);
    }

    public string Describe(string name) =>
        _calls[name] is { IsCompletedSuccessfully: true } call
            ? $"entries {string.Join(", ", call.Result.Entries.Select(entry => entry.Id))}; rejected {string.Join(", ", call.Result.Rejected)}"
            : $"{_calls[name].Status} {_calls[name].Exception?.InnerException?.Message}";
}
