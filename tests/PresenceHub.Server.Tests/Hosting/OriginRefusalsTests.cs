using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Tests.Store;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class OriginRefusalsTests
{
    private static readonly TimeSpan LogPeriod = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly CountingLogger<OriginRefusals> _logger = new();

    [Fact]
    public void Report_TheSameOriginAgain_IsLoggedOnceAndNamesTheSetting()
    {
        var refusals = new OriginRefusals(_time, _logger);
        for (var minute = 0; minute < 5; minute++)
        {
            refusals.Report("https://elsewhere.example");
            _time.Advance(LogPeriod);
        }

        var line = Assert.Single(_logger.Lines);
        Assert.Contains("https://elsewhere.example", line, StringComparison.Ordinal);
        Assert.Contains("Http:AllowedOrigins", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_ManyMadeUpOrigins_LogsOneLineAMinute()
    {
        var refusals = new OriginRefusals(_time, _logger);
        for (var second = 0; second < 180; second++)
        {
            for (var i = 0; i < 10; i++)
            {
                refusals.Report($"https://{second}-{i}.example");
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, _logger.Lines.Count);
        Assert.Contains("599 refusals", _logger.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_MoreOriginsThanAreKept_ForgetsTheOlderOnes()
    {
        var refusals = new OriginRefusals(_time, _logger);
        for (var i = 0; i <= OriginRefusals.MaxOrigins; i++)
        {
            refusals.Report($"https://{i}.example");
            _time.Advance(LogPeriod);
        }

        refusals.Report("https://0.example");

        Assert.Equal(OriginRefusals.MaxOrigins + 2, _logger.Lines.Count);
    }

    [Fact]
    public void Report_AnOriginWithLineBreaksAndTerminalCodes_IsLoggedWithoutThemAndShort()
    {
        new OriginRefusals(_time, _logger).Report(
            "https://a.example\r\nfail: \u001b[31m\u202e" + new string('x', 10_000)
        );

        var line = Assert.Single(_logger.Lines);
        Assert.Contains("https://a.example??fail:??[31m?xxx", line, StringComparison.Ordinal);
        Assert.True(line.Length < 300);
    }
}
