using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;

namespace PresenceHub.Testing;

/// <summary>Posts what looks like Graph's notifications to a hub, from several connections, until disposed.</summary>
internal sealed class WebhookFlood : IAsyncDisposable
{
    /// <summary>As many as the list of a full subscription.</summary>
    private const int Subjects = 650;

    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, long> _answers = new();
    private readonly SemaphoreSlim _answered = new(0);
    private readonly Uri _url;
    private readonly byte[] _body;
    private readonly Task _work;
    private long _posts;

    /// <param name="url">Where to post.</param>
    /// <param name="body">What to post.</param>
    /// <param name="connections">How many posts are under way at the same time.</param>
    /// <param name="bytesPerSecond">What all of them send together at most; null sends as fast as it goes.</param>
    public WebhookFlood(Uri url, byte[] body, int connections, double? bytesPerSecond = null)
    {
        (_url, _body) = (url, body);
        var period = bytesPerSecond is { } rate
            ? TimeSpan.FromSeconds(body.Length * connections / rate)
            : TimeSpan.Zero;
        _work = Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => PostAsync(period))));
    }

    /// <summary>How many answers had each status; 0 counts connections that were cut.</summary>
    public IReadOnlyDictionary<int, long> Answers => _answers;

    public long Posts => Volatile.Read(ref _posts);

    /// <summary>Items as Graph would post them, with a secret that is not Graph's.</summary>
    public static byte[] BodyOf(Guid subscriptionId, string tenantId, int items) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                value = Enumerable
                    .Range(0, items)
                    .Select(_ => new
                    {
                        subscriptionId,
                        clientState = new string('x', 64),
                        tenantId,
                        resource = $"communications/presences?$filter=id in ({string.Join(',', Enumerable.Range(0, Subjects).Select(_ => $"'{Guid.NewGuid()}'"))})",
                        resourceData = new { id = Guid.NewGuid() },
                    }),
            }
        );

    /// <summary>Waits until so many more posts have come to their end.</summary>
    public async Task WaitForAsync(int posts, CancellationToken cancellationToken)
    {
        for (var i = 0; i < posts; i++)
        {
            await _answered.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stop.Dispose();
        _answered.Dispose();
    }

    private async Task PostAsync(TimeSpan period)
    {
        var begun = TimeProvider.System.GetTimestamp();
        for (var sent = 0; !_stop.IsCancellationRequested; sent++)
        {
            var early = (period * sent) - TimeProvider.System.GetElapsedTime(begun);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, TimeProvider.System, _stop.Token);
            }

            var status = await PostOnceAsync();
            _answers.AddOrUpdate(status, 1, (_, count) => count + 1);
            Interlocked.Increment(ref _posts);
            _answered.Release();
        }
    }

    private async Task<int> PostOnceAsync()
    {
        try
        {
            using var content = new ByteArrayContent(_body);
            content.Headers.ContentType = Json;
            using var answer = await _http.PostAsync(_url, content, _stop.Token);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            // A server that does not read the body may close the connection before the answer is seen.
            return 0;
        }
    }
}
