namespace PresenceHub.GraphEmulator.Control;

/// <summary>Counts the requests of one caller, and those that ignored a Retry-After.</summary>
internal sealed class CallerCounts
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _requests = new(StringComparer.Ordinal);
    private DateTimeOffset _waitUntil;
    private long _insideRetryAfter;
    private long _overBudget;

    public void Asked(string operation, DateTimeOffset now)
    {
        lock (_gate)
        {
            _requests[operation] = _requests.GetValueOrDefault(operation) + 1;
            if (now < _waitUntil)
            {
                _insideRetryAfter++;
            }
        }
    }

    public void ToldToWait(DateTimeOffset until)
    {
        lock (_gate)
        {
            _waitUntil = until > _waitUntil ? until : _waitUntil;
        }
    }

    public void OverBudget() => Interlocked.Increment(ref _overBudget);

    public CallerReport Read(CallerKey caller)
    {
        lock (_gate)
        {
            return new CallerReport(
                caller.ApplicationId,
                caller.AccountId,
                new SortedDictionary<string, long>(_requests, StringComparer.Ordinal),
                _insideRetryAfter,
                Interlocked.Read(ref _overBudget)
            );
        }
    }
}
