using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>The hub of a case: the links that a client opens, and its calls.</summary>
internal sealed class CaseHub
{
    private readonly Lock _gate = new();
    private readonly List<CaseCall> _calls = [];
    private readonly List<CaseCall> _unanswered = [];
    private CaseLink? _attempt;
    private CaseLink? _open;
    private int _attempts;

    public int Attempts => Locked(() => _attempts);

    /// <summary>The client waits for an answer to a connection attempt or to a call.</summary>
    public bool IsAsked => Locked(() => _attempt is { Disposed.IsCompleted: false } || _unanswered.Count > 0);

    private CaseLink Open => Locked(() => _open) ?? throw new InvalidOperationException("There is no connection.");

    public IHubLink NewLink(IPresenceClient receiver, bool refreshToken) => new CaseLink(receiver, Start, Call);

    /// <returns>Null when the client does not try to connect.</returns>
    public CaseLink? TakeAttempt() =>
        Locked(() =>
        {
            // The client has given up an attempt that it has disposed.
            var taken = _attempt is { Disposed.IsCompleted: false } ? _attempt : null;
            _attempt = null;
            return taken;
        });

    public void Accept(CaseLink link)
    {
        Locked(() => _open = link);
        link.Accept();
    }

    public CaseCall TakeUnanswered() =>
        Locked(() =>
        {
            if (_unanswered.Count == 0)
            {
                throw new InvalidOperationException("No call waits for an answer.");
            }

            var call = _unanswered[0];
            _unanswered.RemoveAt(0);
            return call;
        });

    public IReadOnlyList<CaseCall> Calls => Locked(() => _calls.ToArray());

    public void ForgetCalls() => Locked(() => _calls.RemoveAll(_ => true));

    public Task TellAsync(Func<IPresenceClient, Task> tell) => tell(Open.Client);

    public async Task CloseAsync(HubException? reason)
    {
        var link = Open;
        var ended = Locked(() =>
        {
            var calls = _unanswered.ToArray();
            _unanswered.Clear();
            return calls;
        });
        link.Close(reason);
        foreach (var call in ended)
        {
            call.Fail(new IOException("The connection was closed."));
        }

        await link.Disposed;
    }

    private void Start(CaseLink link) =>
        Locked(() =>
        {
            _attempts++;
            return _attempt = link;
        });

    private void Call(CaseCall call) =>
        Locked(() =>
        {
            _calls.Add(call);
            _unanswered.Add(call);
            return true;
        });

    private T Locked<T>(Func<T> action)
    {
        lock (_gate)
        {
            return action();
        }
    }
}
