using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.WatchLists;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.WatchLists;

public sealed class RevocationsTests : IDisposable
{
    private const string Key = "0123456789abcdef";

    private readonly WrittenLog _log = new(LogLevel.Information);
    private readonly ILoggerFactory _loggers;
    private readonly Audit _audit;
    private readonly Revocations _revocations;

    public RevocationsTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _audit = new Audit(Options.Create(new AuditOptions { Key = Key }), _loggers.CreateLogger<Audit>());
        _revocations = new Revocations(_audit);
    }

    public void Dispose() => _loggers.Dispose();

    [Fact]
    public void Write_OneSubjectOfManyWatchers_IsOneLineAndHoldsNoId()
    {
        foreach (var watcher in (string[])["one", "two", "two"])
        {
            _revocations.Add(new Watcher(Guid.Empty, watcher), [Ada]);
        }

        _revocations.Write();
        _revocations.Write();

        var hash = Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes($"{Ada}"))
        )[..16];
        Assert.Equal([$"Audit: watch.revoke by policy on subject {hash}: done, 2 watchers of this node "], _log.Lines);
    }

    [Fact]
    public void Write_OneWatcherOfManySubjects_IsOneLine()
    {
        _revocations.Add(new Watcher(Guid.Empty, "one"), [Ada, Ben]);

        _revocations.Write();

        Assert.Equal(
            [$"Audit: watch.revoke by policy on watcher {_audit.Hash("ONE")}: done, 2 subjects of this node "],
            _log.Lines
        );
    }

    [Fact]
    public void Write_MoreThanFit_CountsTheRest()
    {
        // As many subjects as watchers, so that neither grouping is short.
        for (var i = 0; i < Revocations.MaxLines + 7; i++)
        {
            _revocations.Add(new Watcher(Guid.Empty, $"{i}"), [new SubjectId(Guid.NewGuid())]);
        }

        _revocations.Write();

        Assert.Equal(Revocations.MaxLines + 1, _log.Lines.Count);
        Assert.Equal("Audit: watch.revoke by policy on others: done, 7 watches of this node ", _log.Lines.Last());
    }

    [Fact]
    public void Add_MoreThanAreToldApart_AreCounted()
    {
        var subjects = Enumerable
            .Range(0, Revocations.MaxPairs + 5)
            .Select(_ => new SubjectId(Guid.NewGuid()))
            .ToArray();
        _revocations.Add(new Watcher(Guid.Empty, "one"), subjects);

        _revocations.Write();

        Assert.Equal(2, _log.Lines.Count);
        Assert.EndsWith("done, 100000 subjects of this node ", _log.Lines.First(), StringComparison.Ordinal);
        Assert.EndsWith("done, 5 watches of this node ", _log.Lines.Last(), StringComparison.Ordinal);
    }
}
