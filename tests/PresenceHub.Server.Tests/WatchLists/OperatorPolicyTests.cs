using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.WatchLists;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.WatchLists;

public sealed class OperatorPolicyTests : IDisposable
{
    private static readonly Watcher Watcher = new(Guid.NewGuid(), "ABC");

    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
    private readonly WrittenLog _log = new(LogLevel.Information);
    private readonly ServiceProvider _services;
    private readonly OperatorPolicy _policy;
    private int _changes;

    public OperatorPolicyTests()
    {
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(_log))
            .AddSingleton<Audit>()
            .AddSingleton<IConfiguration>(_configuration)
            .AddSingleton<IValidateOptions<WatchPolicyOptions>, WatchPolicyOptionsValidator>()
            .AddSingleton<SettingsFiles>()
            .AddSingleton<OperatorPolicy>()
            .AddOptions<WatchPolicyOptions>()
            .BindConfiguration(WatchPolicyOptions.SectionName)
            .Services.BuildServiceProvider();
        _policy = _services.GetRequiredService<OperatorPolicy>();
        _policy.Changed += () => _changes++;
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task FilterAsync_NothingListed_AllowsAll() => Assert.Equal([Ada, Ben], await FilterAsync());

    [Fact]
    public async Task FilterAsync_HiddenWhileRunning_IsLeftOutUntilShownAgain()
    {
        Set("HiddenSubjects:0", $"{Ada}".ToUpperInvariant());
        Assert.Equal([Ben], await FilterAsync());
        Assert.Equal(1, _changes);

        Set("HiddenSubjects:0", $"{Guid.NewGuid()}");
        Assert.Equal([Ada, Ben], await FilterAsync());
        Assert.Equal(2, _changes);
    }

    [Fact]
    public void Changed_ByTheConfiguration_IsAudited()
    {
        var audit = _services.GetRequiredService<Audit>();
        Set("HiddenSubjects:0", $"{Ada}");
        Set("DeniedWatchers:0", "ABC");
        Set("HiddenSubjects:0", $"{Ben}");

        Assert.Equal(
            [
                $"Audit: subject.hide by configuration on subject {audit.Hash($"{Ada}")}: done ",
                $"Audit: watcher.deny by configuration on watcher {audit.Hash("abc")}: done ",
                $"Audit: subject.hide by configuration on subject {audit.Hash($"{Ben}")}: done ",
                $"Audit: subject.show by configuration on subject {audit.Hash($"{Ada}")}: done ",
            ],
            _log.Lines.Where(line => line.StartsWith("Audit", StringComparison.Ordinal))
        );
        Assert.DoesNotContain(_log.Lines, line => line.Contains($"{Ada}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FilterAsync_WatcherDeniedWhileRunning_SeesNobody()
    {
        Set("DeniedWatchers:0", "abc");

        Assert.Empty(await FilterAsync());
    }

    [Fact]
    public async Task FilterAsync_ListThatDoesNotParse_LeavesTheOneBeforeInForce()
    {
        Set("HiddenSubjects:0", $"{Ada}");

        Set("HiddenSubjects:0", "not-an-id");

        Assert.Equal([Ben], await FilterAsync());
        Assert.Equal(1, _changes);
    }

    [Fact]
    public void Changed_AnotherSetting_IsNotRaised()
    {
        Set("ReviewPeriod", "00:00:30");

        Assert.Equal(0, _changes);
    }

    [Fact]
    public void Validate_WrongLists_NamesTheSettings()
    {
        var result = new WatchPolicyOptionsValidator().Validate(
            null,
            new WatchPolicyOptions
            {
                HiddenSubjects = [$"{Ada}", "not-an-id"],
                DeniedWatchers = [" "],
                ReviewPeriod = TimeSpan.Zero,
            }
        );

        Assert.Equal(3, result.Failures!.Count());
        Assert.Contains("WatchPolicy:HiddenSubjects:1 must be an object id (a GUID)", result.Failures!);
        Assert.Contains("WatchPolicy:DeniedWatchers:0 must be an object id, without space around it", result.Failures!);
    }

    private void Set(string name, string? value)
    {
        _configuration[$"WatchPolicy:{name}"] = value;
        _configuration.Reload();
    }

    private async Task<IEnumerable<SubjectId>> FilterAsync() =>
        (await _policy.FilterAsync(Watcher, [Ada, Ben], CancellationToken.None)).OrderBy(
            subject => subject.ToString(),
            StringComparer.Ordinal
        );
}
