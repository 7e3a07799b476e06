namespace PresenceHub.Server.Ingest.Graph;

/// <summary>
/// Keeps requests from piling up behind an answer that would have forbidden them: the next one leaves when the one
/// before is answered, or has been out for a while. After Graph asked for silence nothing overtakes until a request has
/// got through.
/// </summary>
internal sealed class RequestPacer(TimeProvider time) : IDisposable
{
    /// <summary>Answers normally take longer than a throttling refusal does: with several requests out, the refusal is
    /// known before most of them leave.</summary>
    private static readonly TimeSpan Overtake = TimeSpan.FromMilliseconds(100);

    /// <summary>A request that hangs must not hold up the others indefinitely.</summary>
    private static readonly TimeSpan OvertakeAfterRefusal = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1);
    private Task _lastOut = Task.CompletedTask;
    private volatile bool _isRefused;

    /// <summary>Waits for a turn. Its owner calls <see cref="Turn.Dispose"/> when the answer is there.</summary>
    public async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!await EndsWithinAsync(_lastOut, Overtake, cancellationToken) && _isRefused)
            {
                await EndsWithinAsync(_lastOut, OvertakeAfterRefusal, cancellationToken);
            }

            var turn = new Turn();
            _lastOut = turn.Over;
            return turn;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Refused() => _isRefused = true;

    public void Passed() => _isRefused = false;

    public void Dispose() => _turn.Dispose();

    private async Task<bool> EndsWithinAsync(Task last, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await last.WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    internal sealed class Turn : IDisposable
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Over => _over.Task;

        public void Dispose() => _over.TrySetResult();
    }
}
