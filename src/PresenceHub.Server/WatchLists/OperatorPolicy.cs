using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.WatchLists;

/// <summary>Denies the subjects and watchers that the operator has listed. Follows changes of the lists while the
/// server runs.</summary>
internal sealed class OperatorPolicy : IWatchPolicy, IDisposable
{
    /// <summary>The largest number of audit lines of one change. The rest is counted.</summary>
    internal const int MaxAuditLines = 1000;

    private readonly IOptionsFactory<WatchPolicyOptions> _factory;
    private readonly SettingsFiles _files;
    private readonly Audit _audit;
    private readonly ILogger<OperatorPolicy> _logger;
    private readonly IDisposable[] _registrations;
    private volatile Denied _denied;

    // IOptionsMonitor throws into the file watcher for a list that does not parse, where the error is lost.
    public OperatorPolicy(
        IOptionsFactory<WatchPolicyOptions> factory,
        SettingsFiles files,
        IEnumerable<IOptionsChangeTokenSource<WatchPolicyOptions>> changes,
        Audit audit,
        ILogger<OperatorPolicy> logger
    )
    {
        (_factory, _files, _audit, _logger) = (factory, files, audit, logger);
        _denied = Read();
        _registrations = [.. changes.Select(source => ChangeToken.OnChange(source.GetChangeToken, Reload))];
    }

    public event Action? Changed;

    public ValueTask<IReadOnlySet<SubjectId>> FilterAsync(
        Watcher watcher,
        IReadOnlyCollection<SubjectId> subjects,
        CancellationToken cancellationToken
    )
    {
        var denied = _denied;
        return ValueTask.FromResult<IReadOnlySet<SubjectId>>(
            denied.Watchers.Contains(watcher.Id) ? FrozenSet<SubjectId>.Empty
            : denied.Subjects.Count is 0 && subjects is IReadOnlySet<SubjectId> all ? all
            : subjects.Where(subject => !denied.Subjects.Contains(subject)).ToHashSet()
        );
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Reload()
    {
        // A file that cannot be read counts as empty, so the subjects that it hides would be shown.
        if (_files.FindBroken() is { } broken)
        {
            _logger.PolicyNotRead($"{broken} is no JSON, or names a setting twice");
            return;
        }

        Denied read;
        try
        {
            read = Read();
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            _logger.PolicyNotRead(exception.Message);
            return;
        }

        // Another setting may have changed, and some file systems report each change twice.
        if (!read.Subjects.SetEquals(_denied.Subjects) || !read.Watchers.SetEquals(_denied.Watchers))
        {
            WriteAudit(_denied, read);
            _denied = read;
            _logger.PolicyChanged(read.Subjects.Count, read.Watchers.Count);
            Changed?.Invoke();
        }
    }

    private void WriteAudit(Denied before, Denied after)
    {
        var lines = Changes(
                "subject.hide",
                "subject",
                before.Subjects.Select(id => id.ToString()),
                after.Subjects.Select(id => id.ToString())
            )
            .Concat(
                Changes(
                    "subject.show",
                    "subject",
                    after.Subjects.Select(id => id.ToString()),
                    before.Subjects.Select(id => id.ToString())
                )
            )
            .Concat(Changes("watcher.deny", "watcher", before.Watchers, after.Watchers))
            .Concat(Changes("watcher.allow", "watcher", after.Watchers, before.Watchers))
            .ToArray();
        foreach (var (act, target) in lines.Take(MaxAuditLines))
        {
            _audit.Write(act, "configuration", target, "done");
        }

        if (lines.Length > MaxAuditLines)
        {
            _audit.Write("policy.change", "configuration", $"{lines.Length - MaxAuditLines} others", "done");
        }

        IEnumerable<(string Act, string Target)> Changes(
            string act,
            string kind,
            IEnumerable<string> without,
            IEnumerable<string> with
        ) => with.Except(without, StringComparer.OrdinalIgnoreCase).Select(id => (act, _audit.Name(kind, id)));
    }

    private Denied Read()
    {
        var options = _factory.Create(Options.DefaultName);
        return new Denied(
            options
                .HiddenSubjects.Select(id => SubjectId.TryParse(id, out var subject) ? subject : default)
                .ToFrozenSet(),
            options
                .DeniedWatchers.Select(id => Guid.TryParse(id, out var guid) ? guid.ToString() : id)
                .ToFrozenSet(StringComparer.OrdinalIgnoreCase)
        );
    }

    private sealed record Denied(FrozenSet<SubjectId> Subjects, FrozenSet<string> Watchers);
}
