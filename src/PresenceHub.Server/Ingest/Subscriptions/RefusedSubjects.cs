using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Subjects that Graph refuses in a subscription: one of them fails it for all, so they are left out and
/// polled.</summary>
internal sealed partial class RefusedSubjects(IOptions<SubscriptionOptions> options, TimeProvider time)
{
    /// <summary>A subscription names 650 at most, so this is many refused subscriptions. Beyond it the oldest are
    /// planned again.</summary>
    internal const int Capacity = 10_000;

    private readonly ConcurrentDictionary<SubjectId, DateTimeOffset> _until = new();
    private readonly ConcurrentQueue<KeyValuePair<SubjectId, DateTimeOffset>> _byAge = new();

    /// <summary>How many there are now. One whose time is over is forgotten without being asked for, so that a plan is
    /// made with it again.</summary>
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

    /// <summary>Those of <paramref name="wanted"/> that the error names.</summary>
    public static IReadOnlySet<SubjectId> NamedBy(ODataError error, IReadOnlyCollection<SubjectId> wanted)
    {
        // Only the message names the refused subjects. An id that was not asked for is that of the request.
        var named = SubjectIds()
            .Matches($"{error.Error?.Message} {error.Message}")
            .Select(match => SubjectId.TryParse(match.Value, out var subject) ? subject : default)
            .ToHashSet();
        named.IntersectWith(wanted);
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
                // Unless it was refused again since.
                _until.TryRemove(oldest);
            }
        }
    }

    /// <summary>False again after a while: a deleted person may be restored.</summary>
    public bool Contains(SubjectId subject) => _until.TryGetValue(subject, out var until) && until > time.GetUtcNow();

    [GeneratedRegex("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")]
    private static partial Regex SubjectIds();
}
