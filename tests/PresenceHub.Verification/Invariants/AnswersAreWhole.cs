namespace PresenceHub.Verification.Invariants;

/// <summary>An answer to a watch without a cursor has an entry or a refusal for each requested subject, and for
/// no other.</summary>
internal sealed class AnswersAreWhole : Invariant
{
    public override IEnumerable<string> Check(HubEvent next)
    {
        if (next is not HubEvent.Answered(_, var client, var request, var result))
        {
            yield break;
        }

        var answered = result
            .Entries.Select(entry => entry.Id)
            .Concat(result.Rejected.Select(rejected => rejected.Id))
            .ToArray();
        if (answered.Except(request.Ids).ToArray() is { Length: > 0 } others)
        {
            yield return $"{client} was answered about others: {string.Join(' ', others)}";
        }

        if (request.Cursor is null && request.Ids.Except(answered).ToArray() is { Length: > 0 } missing)
        {
            yield return $"{client} was not answered about {string.Join(' ', missing)}";
        }
    }
}
