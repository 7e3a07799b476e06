using Microsoft.AspNetCore.SignalR;
using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>Plays one case, by a clock of its own. clients/contract-cases/README.md describes the steps.</summary>
internal sealed class ContractCaseRunner : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AttemptStep = TimeSpan.FromMilliseconds(100);

    // How long the client waits for a further refusal of a hub that has refused an open connection before.
    private static readonly TimeSpan AcceptedAfter = TimeSpan.FromSeconds(1);

    private readonly CaseHub _hub = new();
    private readonly CaseTime _time = new();
    private readonly CaseObject? _given;
    private readonly IReadOnlyList<CaseObject> _steps;
    private readonly PresenceClient _client;
    private readonly CaseExpectations _expectations;
    private readonly Dictionary<string, PresenceWatch> _watches = [];
    private readonly CaseOutcomes _outcomes = new();
    private readonly TimeSpan _staleAfterDisconnect;
    private bool _isStarted;

    public ContractCaseRunner(CaseObject contractCase)
    {
        _ = contractCase.Text("name");
        _given = contractCase.Object("given");
        _steps = contractCase.Objects("steps");
        var values = contractCase.Object("options");
        contractCase.AssertRead();
        _staleAfterDisconnect = TimeSpan.FromMilliseconds(values?.Number("staleAfterDisconnectMs") ?? 10_000);
        var options = new PresenceClientOptions
        {
            Url = new Uri("http://hub.test/hubs/presence"),
            TimeProvider = _time,
            CallTimeout = CaseTime.CallLimit,
            MaxIdsPerCall = (int)(values?.Number("maxIdsPerCall") ?? 1_000),
            StaleAfterDisconnect = _staleAfterDisconnect,
        };
        values?.AssertRead();
        _client = new PresenceClient(options, _hub.NewLink, new FixedRandom(0.5));
        _expectations = new CaseExpectations(_client, _hub, _outcomes);
    }

    public async Task RunAsync()
    {
        if (_given is not null)
        {
            await GiveAsync(CaseValues.Ids(_given.Texts("watched")), _given.Text("cursor")!);
            _given.AssertRead();
        }

        for (var index = 0; index < _steps.Count; index++)
        {
            try
            {
                await PlayAsync(_steps[index]);
                _steps[index].AssertRead();
                await SettleAsync();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Step {index + 1}, {_steps[index]}", exception);
            }
        }
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async Task GiveAsync(string[] watched, string cursor)
    {
        Connect();
        _hub.Accept(await NextAttemptAsync());
        await SettleAsync();
        _watches["given"] = _client.Watch(watched);
        await SettleAsync();
        while (_hub.IsAsked)
        {
            var call = _hub.TakeUnanswered();
            var entries = call.Ids.Select(id => CaseValues.Entry(new CaseObject(IdOf(id))));
            call.Answer(new WatchResult([.. entries], [], cursor));
            await SettleAsync();
        }

        _hub.ForgetCalls();
        _expectations.ForgetChanges();
    }

    private static System.Text.Json.JsonElement IdOf(string id) =>
        System.Text.Json.JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["id"] = id });

    private Task PlayAsync(CaseObject step) =>
        step switch
        {
            _ when step.Text("client") is { } act => ActAsync(act, step),
            _ when step.Text("hub") is { } act => ActAsHubAsync(act, step),
            _ when step.Text("expect") is { } what => _expectations.CheckAsync(what, step),
            _ => PassAsync(
                TimeSpan.FromMilliseconds(
                    step.Number("wait") ?? throw new InvalidDataException("There is no such step.")
                )
            ),
        };

    private Task ActAsync(string act, CaseObject step)
    {
        switch (act)
        {
            case "connect":
                Connect();
                break;
            case "watch":
                var watch = _client.Watch(CaseValues.Ids(step.Texts("ids")));
                _watches[step.Text("as")!] = watch;
                _outcomes.Add(step.Text("as")!, watch.Admission);
                break;
            case "dispose":
                _ = _watches[step.Text("watch")!].DisposeAsync().AsTask();
                break;
            case "unwatch":
                _ = _client.UnwatchAsync(CaseValues.Ids(step.Texts("ids")));
                break;
            case "get":
                _outcomes.Add(step.Text("as")!, GetAsync(CaseValues.Ids(step.Texts("ids"))));
                break;
            default:
                throw new InvalidDataException($"A client does not {act}.");
        }

        return Task.CompletedTask;
    }

    private async Task<WatchAdmission> GetAsync(string[] ids) => new(await _client.GetAsync(ids), []);

    private async Task ActAsHubAsync(string act, CaseObject step)
    {
        var (code, text) = (step.Text("code"), step.Text("text") ?? "");
        switch (act)
        {
            case "accept":
                _hub.Accept(await NextAttemptAsync());
                break;
            case "refuse":
                var attempt = await NextAttemptAsync();
                attempt.Refuse(code is null ? new IOException("refused") : new PresenceHubException(code, text));
                await attempt.Disposed;
                break;
            case "answer":
                _hub.TakeUnanswered()
                    .Answer(
                        new WatchResult(
                            [.. step.Objects("entries").Select(CaseValues.Entry)],
                            [.. step.Objects("rejected").Select(CaseValues.Rejected)],
                            step.Text("cursor") ?? ""
                        )
                    );
                break;
            case "fail":
                _hub.TakeUnanswered().Fail(PresenceHubException.From(new HubException($"{code}: {text}")));
                break;
            case "push":
                var entries = step.Objects("entries").Select(CaseValues.Entry).ToArray();
                await _hub.TellAsync(client => client.PresenceChanged(entries));
                break;
            case "bookmark":
                await _hub.TellAsync(client => client.Bookmark(step.Text("cursor")!));
                break;
            case "revoke":
                await _hub.TellAsync(client => client.Revoked(CaseValues.Ids(step.Texts("ids"))));
                break;
            case "drain":
                var notice = new DrainNotice((int)step.Number("reconnectAfterMs")!);
                await _hub.TellAsync(client => client.Draining(notice));
                break;
            case "close":
                await _hub.CloseAsync(code is null ? null : new HubException($"HubException: {code}: {text}"));
                break;
            default:
                throw new InvalidDataException($"A hub does not {act}.");
        }
    }

    private void Connect()
    {
        _isStarted = true;
        // Stopping the client at the end cancels it.
        _ = _client.StartAsync().ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private async Task<CaseLink> NextAttemptAsync()
    {
        for (var waited = TimeSpan.Zero; waited <= LongestWait; waited += AttemptStep)
        {
            if (_hub.TakeAttempt() is { } attempt)
            {
                return attempt;
            }

            await PassAsync(AttemptStep);
        }

        throw new InvalidOperationException("The client does not connect.");
    }

    /// <summary>Moves the clock from timer to timer, and lets happen what each one causes.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await SettleAsync();
        for (var left = time; left > TimeSpan.Zero; )
        {
            var step = _time.NextDue is { } due && due > TimeSpan.Zero && due < left ? due : left;
            _time.Advance(step);
            left -= step;
            await SettleAsync();
        }
    }

    /// <summary>Waits until the client waits for the hub, the clock or a call.</summary>
    private Task SettleAsync() => Expect.ConditionAsync(IsSettled, "the client to come to rest");

    private bool IsSettled() =>
        _client.Idle.HasRaised
        && (!_isStarted || _hub.IsAsked || _client.Idle.HasTold || WaitsForTheClock(_client.Status));

    private bool WaitsForTheClock(ConnectionStatus status) =>
        status.State is PresenceConnectionState.Connected
            ? _time.HasTimer(due => due != _staleAfterDisconnect)
            : _time.HasTimer(due => due == (status.RetryIn ?? AcceptedAfter));
}
