using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class AdviceTests
{
    private readonly LineLogger _log = new();
    private readonly Advice _advice;

    public AdviceTests() =>
        _advice = new Advice(new Uri("http://user:secret@hub.test/hubs/presence?key=secret#secret"), _log);

    [Theory]
    [InlineData(ErrorCode.Unauthorized, "the scope of the token")]
    [InlineData(ErrorCode.TokenExpired, "AccessTokenFactory must return another token")]
    [InlineData(ErrorCode.LimitExceeded, "Close other connections of this user")]
    [InlineData(ErrorCode.InvalidRequest, "Check the option Url")]
    public void OnFailure_HubRefusesForGood_SaysOnceWhatToDo(string code, string advice)
    {
        for (var attempt = 1; attempt < 4; attempt++)
        {
            _advice.OnFailure(Status(new PresenceHubException(code, "no."), attempt), isRefused: true);
        }

        var line = Assert.Single(_log.Warnings);
        Assert.StartsWith("http://hub.test/hubs/presence refuses the connection: no. ", line, StringComparison.Ordinal);
        Assert.Contains(advice, line, StringComparison.Ordinal);
    }

    [Fact]
    public void OnFailure_ConnectionHasHeldSince_SaysItAgain()
    {
        var refused = Status(new PresenceHubException(ErrorCode.LimitExceeded, "no"), 1);
        _advice.OnFailure(refused, isRefused: true);
        _advice.Reset();
        _advice.OnFailure(refused, isRefused: true);
        Assert.Equal(2, _log.Warnings.Count);
    }

    [Fact]
    public void OnFailure_NoAnswerThreeTimes_NamesTheOptionUrl()
    {
        var failure = new PresenceHubException(PresenceHubException.Disconnected, "Connection refused");
        _advice.OnFailure(Status(failure, 1), isRefused: false);
        _advice.OnFailure(Status(failure, 2), isRefused: false);
        Assert.Empty(_log.Warnings);
        _advice.OnFailure(Status(failure, 3), isRefused: false);
        _advice.OnFailure(Status(failure, 4), isRefused: false);
        Assert.Contains("the option Url", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void OnFailure_OutageOfAHubThatWasConnected_SaysOnceThatItGivesNoAnswer()
    {
        var failure = new PresenceHubException(PresenceHubException.Disconnected, "Connection refused");
        for (var attempt = 1; attempt < 5; attempt++)
        {
            _advice.OnFailure(
                Status(failure, attempt) with
                {
                    State = PresenceConnectionState.Reconnecting,
                },
                isRefused: false
            );
        }

        Assert.Equal(
            [
                "http://hub.test/hubs/presence gives no answer: Connection refused. "
                    + "Check that the hub runs; the client retries",
            ],
            _log.Warnings
        );
    }

    [Fact]
    public void OnFailure_TokenSourceFails_IsNotCalledARefusal()
    {
        var cause = new TokenSourceException(new InvalidOperationException("signed out"));
        var failure = new PresenceHubException(PresenceHubException.Disconnected, cause.Message, cause);
        _advice.OnFailure(Status(failure, 3), isRefused: false);
        Assert.Equal(
            ["AccessTokenFactory gives no token: signed out. Check what it calls; the client retries"],
            _log.Warnings
        );
    }

    [Fact]
    public void OnFailure_HubAnswersAnything_WritesOneShortLine()
    {
        var text = string.Join("\r\n", Enumerable.Repeat("word", 10_000));
        _advice.OnFailure(Status(new PresenceHubException(ErrorCode.LimitExceeded, text), 1), isRefused: true);
        var line = Assert.Single(_log.Warnings);
        Assert.InRange(line.Length, 1, 500);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void OnFailure_HubMakesUpCodes_SaysTwentyOfThem()
    {
        for (var number = 0; number < 1_000; number++)
        {
            _advice.OnFailure(Status(new PresenceHubException($"code{number}", "no"), 1), isRefused: true);
        }

        Assert.Equal(20, _log.Warnings.Count);
    }

    [Fact]
    public async Task Watch_IdIsNone_SaysOnceWhatAnIdIs()
    {
        await using var client = new PresenceClient(
            new PresenceClientOptions { Url = new Uri("http://hub.test/"), LoggerFactory = new OneLogger(_log) }
        );
        client.Watch(["ada@contoso.com", null!]);
        client.Watch(["ben@contoso.com"]);
        Assert.Equal(
            ["Not watched: ada@contoso.com, … (invalidId). An id is a person's Entra object id, a GUID"],
            _log.Warnings
        );
    }

    private static ConnectionStatus Status(PresenceHubException error, int attempt) =>
        new(PresenceConnectionState.Connecting, attempt, TimeSpan.FromMinutes(1), error);
}
