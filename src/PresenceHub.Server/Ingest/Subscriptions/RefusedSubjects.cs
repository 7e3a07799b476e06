using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// The subjects that Graph refuses in a subscription. One of them makes the whole request fail, so they are left out
/// and only polled.
/// </summary>
internal sealed partial class RefusedSubjects(IOptions<SubscriptionOptions> options, TimeProvider time)
{
    /// <summary>
    /// A subscription names 650 subjects at most, so this covers many refused subscriptions. When it is full, the
    /// oldest subjects are planned again.
    /// </summary>
    internal const int Capacity = 10_000;

    private readonly ConcurrentDictionary<SubjectId, DateTimeOffset> _until = new();
    private readonly ConcurrentQueue<KeyValuePair<SubjectId, DateTimeOffset>> _byAge = new();

    /// <summary>
    /// The number of refused subjects now. Subjects whose refusal has ended are removed, so that they are planned
    /// again.
    /// </summary>
    public int Count
    {
        get
        {
            var now = time.GetUtcNow();
            foreach (var refused in _until)
            {
                if (refused.Value <= now)
                {
                    _until.TryRemove(refused);
                }
            }

            return _until.Count;
        }
    }

    /// <summary>Returns the subjects that the error names.</summary>
    public static IReadOnlySet<SubjectId> NamedBy(ODataError error, IReadOnlyCollection<SubjectId> sent)
    {
        // Only the message names the refused subjects. An id that was not sent is the id of the request.
        var named = SubjectIds()
            .Matches($"{error.Error?.Message} {error.Message}")
            .Select(match => SubjectId.TryParse(match.Value, out var subject) ? subject : default)
            .ToHashSet();
        named.IntersectWith(sent);
        return named;
    }

    public void Add(IEnumerable<SubjectId> subjects)
    {
        var until = time.GetUtcNow() + options.Value.RefusedFor;
        foreach (var subject in subjects)
        {
            _until[subject] = until;
            _byAge.Enqueue(KeyValuePair.Create(subject, until));
            if (_byAge.Count > Capacity && _byAge.TryDequeue(out var oldest))
            {
                // This does nothing if the subject was refused again since.
                _until.TryRemove(oldest);
            }
        }
    }

    /// <summary>Returns false again after some time: a deleted user may be restored.</summary>
    public bool Contains(SubjectId subject) => _until.TryGetValue(subject, out var until) && until > time.GetUtcNow();

    [GeneratedRegex("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")]
    private static partial Regex SubjectIds();
}
