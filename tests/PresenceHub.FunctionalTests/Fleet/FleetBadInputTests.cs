using PresenceHub.Fleet;
using PresenceHub.Fleet.Reporting;
using PresenceHub.Fleet.Runs;

namespace PresenceHub.FunctionalTests.Fleet;

/// <summary>What goes wrong around a run is said in one sentence, and what was measured is kept.</summary>
public sealed class FleetBadInputTests : IAsyncLifetime
{
    private FakeHub _hub = null!;

    public async Task InitializeAsync() => _hub = await FakeHub.StartAsync();

    public async Task DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public async Task Run_TokenExpiresAndTheSourceHasAnother_ReconnectsWithIt()
    {
        using var runner = new FleetRunner();
        var run = runner.RunAsync(
            new RunOptions(FleetRunner.Small with { Duration = TimeSpan.FromSeconds(2) }, [_hub.Address])
        );
        await runner.UntilConnectedAsync();

        _hub.ExpireTokens();

        var result = await run;
        Assert.Equal((RunVerdict.Passed, null), (result.Verdict, result.Reason));
        Assert.True(result.Counters.RenewedTokens >= 2);
        Assert.Equal(10, result.Connections.LiveAtEnd);
    }

    [Fact]
    public async Task Run_TokenOfAFileExpires_EndsWithAReasonAndTheResult()
    {
        var file = Path.GetTempFileName();
        var expired = $"e30.{Convert.ToBase64String("""{"exp":1700000000}"""u8).TrimEnd('=')}.signature";
        await File.WriteAllLinesAsync(file, ["# tokens", expired, expired]);
        using var runner = new FleetRunner();
        var scenario = FleetRunner.Small with { Duration = TimeSpan.FromSeconds(30) };
        var run = runner.RunAsync(new RunOptions(scenario, [_hub.Address]) { TokenFile = file });
        await runner.UntilConnectedAsync();

        _hub.RefuseToken(expired);

        var result = await run;
        File.Delete(file);
        Assert.Equal(RunVerdict.Incomplete, result.Verdict);
        Assert.StartsWith(
            "A token expired at 2023-11-14 22:13:20 UTC and its source has no newer one",
            result.Reason,
            StringComparison.Ordinal
        );
        Assert.Equal(50, result.Counters.Answered);
    }

    [Fact]
    public async Task Run_HubGoesAway_EndsWithAReasonAndTheResult()
    {
        using var runner = new FleetRunner();
        var scenario = FleetRunner.Small with { Duration = TimeSpan.FromSeconds(30) };
        var run = runner.RunAsync(new RunOptions(scenario, [_hub.Address]) { OutageLimit = TimeSpan.FromSeconds(1) });
        await runner.UntilConnectedAsync();

        await _hub.DisposeAsync();

        var result = await run;
        Assert.Equal(RunVerdict.Incomplete, result.Verdict);
        Assert.Contains("has closed all connections and taken none for 1 s", result.Reason, StringComparison.Ordinal);
        Assert.Equal(50, result.Counters.Answered);
        Assert.NotEmpty(HtmlReport.Write(result));
    }

    [Fact]
    public async Task Run_Interrupted_EndsWithThePartialResult()
    {
        using var runner = new FleetRunner();
        var run = runner.RunAsync(
            new RunOptions(FleetRunner.Small with { Duration = TimeSpan.FromHours(1) }, [_hub.Address])
        );
        await runner.UntilConnectedAsync();

        runner.Interrupt();

        var result = await run;
        Assert.Equal(RunVerdict.Interrupted, result.Verdict);
        Assert.Null(result.Oracle);
    }

    [Theory]
    [InlineData(
        "{\"error\":\"The server does not support version 1 of the 'json' protocol.\"}",
        "speaks another version of the hub protocol"
    )]
    [InlineData("hello", "does not speak the presence protocol")]
    public async Task Run_HubOfAnotherProtocol_SaysSoBeforeItStarts(string handshakeAnswer, string part)
    {
        await using var other = await OtherHub.StartAsync(handshakeAnswer);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Guid.NewGuid().ToString());
        using var runner = new FleetRunner();
        var options = new RunOptions(FleetRunner.Small with { ConnectionsPerToken = 10 }, [other.Address])
        {
            PeopleFile = file,
            TokenCommand = "echo token",
        };

        var error = await Assert.ThrowsAsync<FleetException>(() => runner.RunAsync(options));

        File.Delete(file);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
