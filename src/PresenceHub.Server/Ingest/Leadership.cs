using PresenceHub.Server.Control;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest;

/// <summary>
/// Decides by a lease in Redis which node reads Graph. Two nodes may both believe it for a moment: that costs requests
/// but does no harm, since the store refuses what is older.
/// </summary>
internal sealed class Leadership(
    [FromKeyedServices(ControlConnection.Key)] IConnectionMultiplexer redis,
    IngestKeys keys,
    NodeId node,
    IngestMetrics metrics,
    TimeProvider time,
    ILogger<Leadership> logger
) : BackgroundService
{
    internal static readonly TimeSpan LeaseLifetime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CandidacyPeriod = TimeSpan.FromSeconds(1);

    /// <summary>The own clock may run a little slower than Redis': the term ends before the lease does.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = ControlTime.Of(time);
    private readonly Lock _gate = new();
    private TaskCompletionSource<CancellationToken> _elected = NewElection();
    private CancellationTokenSource? _term;
    private bool _redisFails;

    public bool IsLeader => Volatile.Read(ref _term) is { IsCancellationRequested: false };

    /// <summary>Waits until this node leads. The token it returns is cancelled when that ends.</summary>
    public Task<CancellationToken> WaitForTermAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // A term that has just ended is never returned again: a caller that waits here may be resumed by its
            // cancellation.
            if (_elected.Task.IsCompletedSuccessfully && _term is { IsCancellationRequested: true })
            {
                _elected = NewElection();
            }

            return _elected.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Does the work in every term of this node, with a token that ends with the term, until it is
    /// stopped.</summary>
    public async Task LeadAsync(Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        while (true)
        {
            var term = await WaitForTermAsync(stoppingToken);
            using var leading = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, term);
            try
            {
                await work(leading.Token);
            }
            catch (Exception) when (leading.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
            {
                // The term has ended, often because Redis is away: what was under way then failed of that as likely as
                // it was cancelled.
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!IsLeader)
        {
            return;
        }

        EndTerm();
        try
        {
            await redis.GetDatabase().LockReleaseAsync(keys.Leader, node.Value).WaitAsync(cancellationToken);
        }
        catch (Exception exception)
            when (exception
                    is RedisException
                        or TimeoutException
                        or ObjectDisposedException
                        or OperationCanceledException
            )
        {
            logger.LeaseNotReleased(exception.Message);
        }
    }

    public override void Dispose()
    {
        _term?.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        ControlThread.RunAsync("presencehub leadership", () => CampaignAsync(stoppingToken));

    private async Task CampaignAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CampaignOnceAsync(stoppingToken);
                _redisFails = false;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_redisFails)
                {
                    logger.LeaseUnreachable(FailureReason.Of(exception));
                    _redisFails = true;
                }
            }

            // A renewal that failed is tried again soon: the lease outlives several. Nodes that started together must
            // not go on asking together.
            var period = IsLeader && !_redisFails ? RenewalPeriod : CandidacyPeriod;
            await Task.Delay(period * (0.8 + (0.2 * Random.Shared.NextDouble())), _time, stoppingToken);
        }
    }

    internal async Task CampaignOnceAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var database = redis.GetDatabase();

        // Extending comes second for a leader too: Redis may have lost the lease, or hold it from an answer that never
        // arrived.
        var held =
            await database.LockTakeAsync(keys.Leader, node.Value, LeaseLifetime).AnsweredAsync(_time, cancellationToken)
            || await database
                .LockExtendAsync(keys.Leader, node.Value, LeaseLifetime)
                .AnsweredAsync(_time, cancellationToken);
        var left = LeaseLifetime - Margin - time.GetElapsedTime(begun);
        if (!held || left <= TimeSpan.Zero)
        {
            EndTerm();
            return;
        }

        if (IsLeader)
        {
            _term!.CancelAfter(left);
        }
        else
        {
            BeginTerm(left);
        }
    }

    private void BeginTerm(TimeSpan left)
    {
        EndTerm();
        var term = new CancellationTokenSource(left, _time);
        lock (_gate)
        {
            _term = term;
            if (!_elected.TrySetResult(term.Token))
            {
                _elected = NewElection();
                _elected.SetResult(term.Token);
            }
        }

        // Runs also when renewals fail for so long that the lease has run out.
        term.Token.UnsafeRegister(_ => TermEnded(), null);
        metrics.SetLeader(true);
        logger.BecameLeader(node.Value);
    }

    private static TaskCompletionSource<CancellationToken> NewElection() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void EndTerm() => _term?.Cancel();

    private void TermEnded()
    {
        metrics.SetLeader(false);
        logger.NoLongerLeader(node.Value);
    }
}
