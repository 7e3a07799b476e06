using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Tests.Control;

public sealed class AuditedRefusalsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly WrittenLog _log = new(LogLevel.Information);
    private readonly ILoggerFactory _loggers;
    private readonly Audit _audit;
    private readonly AuditedRefusals _refusals;

    public AuditedRefusalsTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _audit = new Audit(Options.Create(new AuditOptions()), _loggers.CreateLogger<Audit>());
        _refusals = new AuditedRefusals(_audit, _time);
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void Write_ManyRefusals_LogsOneLineAMinuteWithTheSuppressedCount()
    {
        for (var i = 0; i < 5; i++)
        {
            _refusals.Write(Request(401, "account.list"));
            _refusals.Write(Request(403, "account.remove", "watcher"));
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        _refusals.Write(Request(403, "account.remove", "watcher"));

        Assert.Equal(
            [
                "Audit: account.list by anonymous on nothing: refused (401), and 0 others since the last such line",
                $"Audit: account.remove by caller {_audit.Hash("watcher")} on nothing: refused (403), and 0 others since the last such line",
                $"Audit: account.remove by caller {_audit.Hash("watcher")} on nothing: refused (403), and 4 others since the last such line",
            ],
            _log.Lines.Select(line => line.Trim())
        );
    }

    [Fact]
    public void Write_RequestOfAnotherEndpoint_WritesNothing()
    {
        _refusals.Write(Request(401, act: null));
        _refusals.Write(new DefaultHttpContext());

        Assert.Empty(_log.Lines);
    }

    private static DefaultHttpContext Request(int status, string? act, string? caller = null)
    {
        var context = new DefaultHttpContext { Response = { StatusCode = status } };
        context.SetEndpoint(
            new Endpoint(null, new EndpointMetadataCollection(act is null ? [] : [new AuditedAct(act)]), null)
        );
        if (caller is not null)
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("oid", caller)], "test"));
        }

        return context;
    }
}
