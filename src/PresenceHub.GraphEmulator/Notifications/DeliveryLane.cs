using System.Net.Http.Headers;

namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>
/// The deliveries to one notification URL, posted by workers of their own, so that a slow endpoint does not delay
/// others.
/// </summary>
internal sealed class DeliveryLane : IAsyncDisposable
{
    private const int Workers = 4;

    // When more posts wait, the newest is dropped: the endpoint is too far behind to recover.
    private const int Capacity = 200_000;

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(4);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SlowDelay = TimeSpan.FromSeconds(10);
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    private readonly string _url;
    private readonly DeliveryTools _tools;
    private readonly TimeProvider _time;
    private readonly DueQueue _queue;
    private readonly EndpointHealth _health;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    public DeliveryLane(string url, DeliveryTools tools, TimeProvider time)
    {
        (_url, _tools, _time) = (url, tools, time);
        _queue = new DueQueue(time, Capacity);
        _health = new EndpointHealth(tools.Options.Limits.SlowEndpointMinimumAnswers);
        _work = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync)));
    }

    public void Add(Notification notification, DateTimeOffset due)
    {
        var state = _tools.Options.Switches.PunishSlowEndpoints ? _health.At(_time.GetUtcNow()) : EndpointState.Good;
        if (
            state == EndpointState.Drop
            || !_queue.TryAdd(new Delivery([notification]), state == EndpointState.Slow ? due + SlowDelay : due)
        )
        {
            _tools.Counts.Dropped(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _queue.Dispose();
        _turn.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await PostAsync(await TakeAsync(_stop.Token), _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                _tools.Logger.DeliveryFailed(exception);
            }
        }
    }

    private async Task<Delivery> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await _queue.TakeAsync(_tools.Options.NotificationBatchSize, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task PostAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (delivery.Attempts == 0)
        {
            var alive = delivery.Notifications.Where(notification => !notification.Subscription.IsGone).ToList();
            if (alive.Count == 0)
            {
                return;
            }

            delivery = new Delivery(alive) { Body = _tools.Payloads.Build(alive), FirstTriedAt = now };
        }

        _tools.Counts.Posted();
        var status = await SendAsync(delivery.Body, cancellationToken);
        _health.Note(wasSlow: status is null, _time.GetUtcNow());
        if (status is >= 200 and < 300)
        {
            _tools.Counts.Accepted(delivery.Notifications.Count);
            return;
        }

        if (status is null)
        {
            _tools.Counts.SlowPost();
        }
        else
        {
            _tools.Counts.RefusedPost();
        }

        var delay = RetryDelay(delivery.Attempts);
        var due = _time.GetUtcNow() + delay;
        var again =
            (status is not null || _tools.Options.Switches.RetryAfterNoAnswer)
            && due - delivery.FirstTriedAt <= GiveUpAfter;
        if (again && _queue.TryAdd(delivery with { Attempts = delivery.Attempts + 1 }, due))
        {
            _tools.Logger.DeliveryRetried(status ?? 0, delivery.Attempts + 1, delay);
        }
        else
        {
            _tools.Counts.Dropped(delivery.Notifications.Count);
        }
    }

    /// <summary>The status; 0 without a connection; null without an answer in time.</summary>
    private async Task<int?> SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Json;
        using var deadline = new CancellationTokenSource(NotificationClient.AnswerDeadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await _tools.Client.SendAsync(request, either.Token);
            return (int)response.StatusCode;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return null;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private TimeSpan RetryDelay(int attempts)
    {
        var delay = _tools.Options.NotificationRetryDelay * Math.Pow(2, Math.Min(attempts, 20));
        return delay < LongestRetryDelay ? delay : LongestRetryDelay;
    }
}
