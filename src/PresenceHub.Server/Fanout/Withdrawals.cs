using PresenceHub.Contracts;

namespace PresenceHub.Server.Fanout;

/// <summary>The subjects that were withdrawn from one connection. A mutable struct inside an outbox, which locks
/// it.</summary>
internal struct Withdrawals
{
    private HashSet<SubjectId>? _withdrawn;
    private HashSet<SubjectId>? _untold;

    /// <summary>Whether the client has yet to be told of withdrawn subjects.</summary>
    public readonly bool HasUntold => _untold?.Count > 0;

    public readonly bool Contains(SubjectId subject) => _withdrawn?.Contains(subject) is true;

    public void Add(IReadOnlyList<SubjectId> subjects)
    {
        (_withdrawn ??= []).UnionWith(subjects);
        (_untold ??= []).UnionWith(subjects);
    }

    public readonly void Remove(IReadOnlyList<SubjectId> subjects)
    {
        _withdrawn?.ExceptWith(subjects);
        _untold?.ExceptWith(subjects);
    }

    /// <summary>The subjects that the client is told of now.</summary>
    public string[] TakeUntold()
    {
        string[] ids = [.. _untold!.Select(subject => subject.ToString())];
        _untold = null;
        return ids;
    }
}
