namespace PresenceHub.Fleet.Members;

/// <summary>Ends a run early, for the first reason given; what was measured until then is kept.</summary>
internal sealed class RunStop : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private string? _reason;

    public CancellationToken Token => _source.Token;

    /// <summary>One sentence for the user; null while nothing has ended the run.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    public bool IsInterrupted { get; private set; }

    public void Fail(string reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        _source.Cancel();
    }

    public void Interrupt()
    {
        IsInterrupted = true;
        Fail("The run was interrupted: the result covers the time until then.");
    }

    public void Dispose() => _source.Dispose();
}
