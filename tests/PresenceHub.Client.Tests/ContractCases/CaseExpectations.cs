using PresenceHub.Client.Tests.Fakes;

namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>Compares what a client shows and sends with what a case expects.</summary>
internal sealed class CaseExpectations
{
    private readonly Lock _gate = new();
    private readonly PresenceClient _client;
    private readonly CaseHub _hub;
    private readonly CaseOutcomes _outcomes;
    private readonly List<string> _changed = [];
    private readonly List<string> _revoked = [];

    public CaseExpectations(PresenceClient client, CaseHub hub, CaseOutcomes outcomes)
    {
        (_client, _hub, _outcomes) = (client, hub, outcomes);
        client.EntriesChanged += (_, changed) => Add(_changed, changed.Entries.Select(entry => entry.Id));
        client.Revoked += (_, revoked) => Add(_revoked, revoked.Ids);
    }

    public Task CheckAsync(string what, CaseObject step) =>
        what switch
        {
            "view" => EventuallyAsync(() => ShowsAll(step.Objects("entries")), () => Lines(_client.Entries.Values)),
            "calls" => CheckCallsAsync(step),
            "changed" => CheckAsync(_changed, step),
            "revoked" => CheckAsync(_revoked, step),
            "outcome" => EventuallyAsync(
                () => _outcomes.Matches(step.Text("of")!, step),
                () => _outcomes.Describe(step.Text("of")!)
            ),
            "state" => EventuallyAsync(() => IsState(step.Text("is")!, step.Text("error")), () => $"{_client.Status}"),
            "attempts" => EventuallyAsync(() => _hub.Attempts == step.Number("count"), () => $"{_hub.Attempts}"),
            _ => throw new InvalidDataException($"A case does not expect {what}."),
        };

    public void ForgetChanges() => Clear(_changed);

    private bool ShowsAll(IReadOnlyList<CaseObject> expected)
    {
        var shown = _client.Entries;
        return shown.Count == expected.Count
            && expected.All(values =>
                shown.TryGetValue(CaseValues.Id(values.Text("id")!), out var entry) && CaseValues.Matches(entry, values)
            );
    }

    private bool IsState(string state, string? error) =>
        _client.Status.State.ToString().Equals(state, StringComparison.OrdinalIgnoreCase)
        && _client.Status.Error?.Code == error;

    private async Task CheckCallsAsync(CaseObject step)
    {
        var expected = step.Objects("calls").Select(Expected).ToArray();
        await EventuallyAsync(
            () => _hub.Calls.Select(Text).SequenceEqual(expected),
            () => Lines(_hub.Calls.Select(Text))
        );
        _hub.ForgetCalls();
    }

    private static string Expected(CaseObject call)
    {
        var text = Text(new CaseCall(call.Text("method")!, CaseValues.Ids(call.Texts("ids")), call.Text("cursor")));
        call.AssertRead();
        return text;
    }

    private static string Text(CaseCall call) =>
        $"{call.Method} {call.Cursor ?? "-"}: {string.Join(' ', call.Ids.Order(StringComparer.Ordinal))}";

    private async Task CheckAsync(List<string> reported, CaseObject step)
    {
        var expected = CaseValues.Ids(step.Texts("ids")).Order(StringComparer.Ordinal).ToArray();
        await EventuallyAsync(
            () => Copy(reported).Order(StringComparer.Ordinal).SequenceEqual(expected),
            () => Lines(Copy(reported))
        );
        Clear(reported);
    }

    private static async Task EventuallyAsync(Func<bool> isMet, Func<string> describe)
    {
        try
        {
            await Expect.ConditionAsync(isMet, "the expectation");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Instead: {describe()}");
        }
    }

    private static string Lines<T>(IEnumerable<T> items) => string.Join(Environment.NewLine, items);

    private void Add(List<string> reported, IEnumerable<string> ids)
    {
        lock (_gate)
        {
            reported.AddRange(ids);
        }
    }

    private string[] Copy(List<string> reported)
    {
        lock (_gate)
        {
            return [.. reported];
        }
    }

    private void Clear(List<string> reported)
    {
        lock (_gate)
        {
            reported.Clear();
        }
    }
}
