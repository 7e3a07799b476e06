namespace PresenceHub.Verification.Invariants;

/// <summary>No connection carries an entry that its client has not asked for, was refused, or has long given
/// up.</summary>
internal sealed class OnlyAskedFor : Invariant
{
    /// <summary>A frame may be on its way while the client is told that it no longer watches.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(string Client, string Id), TimeSpan> _until = [];

    public override IEnumerable<string> Check(HubEvent next)
    {
        switch (next)
        {
            case HubEvent.Asked(_, var client, var ids):
                Set(client, ids, TimeSpan.MaxValue);
                break;
            case HubEvent.Forgot(var at, var client, var ids):
                Set(client, ids, at + Grace);
                break;
            case HubEvent.Answered(_, var client, _, var result):
                Set(client, result.Rejected.Select(rejected => rejected.Id), TimeSpan.Zero);
                break;
            case HubEvent.Told(var at, var client, var entry)
                when at > _until.GetValueOrDefault((client, entry.Id), TimeSpan.Zero):
                yield return $"{client} was sent a subject that it does not watch: {entry}";
                break;
        }
    }

    private void Set(string client, IEnumerable<string> ids, TimeSpan until)
    {
        foreach (var id in ids)
        {
            _until[(client, id)] = until;
        }
    }
}
