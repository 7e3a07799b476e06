using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Hubs.Streams;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Hubs.Streams;

/// <summary>A stream and its outbox over a response that accepts one write before the client reads, with time in the
/// test's hand.</summary>
internal sealed class StreamBench : IHttpRequestLifetimeFeature, IHttpResponseBodyFeature, IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Pipe _body = new(
        new PipeOptions(
            pauseWriterThreshold: 1,
            resumeWriterThreshold: 1,
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline
        )
    );
    private readonly CancellationTokenSource _aborted = new();
    private readonly ReadyBatch _batch;

    public StreamBench()
    {
        _batch = new ReadyBatch(Ready);
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(this);
        context.Features.Set<IHttpRequestLifetimeFeature>(this);
        Stream = new PresenceStream(context, Time.GetUtcNow() + TokenLifetime, Time);
        Outbox = new Outbox(
            Stream,
            FrameWriter.Of(EventStreamProtocol.Instance),
            maxFrameBytes: 4096,
            new Cursor(100, 1),
            Ready,
            Time
        )
        {
            IsHeld = true,
        };
    }

    public static TimeSpan TokenLifetime { get; } = TimeSpan.FromHours(1);

    public FakeTimeProvider Time { get; } = new();

    public ReadyOutboxes Ready { get; } = new();

    public Outbox Outbox { get; }

    public PresenceStream Stream { get; }

    public bool IsAborted => _aborted.IsCancellationRequested;

    public CancellationToken RequestAborted
    {
        get => _aborted.Token;
        set => throw new NotSupportedException();
    }

    Stream IHttpResponseBodyFeature.Stream => _body.Writer.AsStream();

    PipeWriter IHttpResponseBodyFeature.Writer => _body.Writer;

    /// <summary>Starts the stream and lets the client read its snapshot.</summary>
    public async Task BeginAsync()
    {
        await Stream.StartAsync();
        var snapshot = new WatchAnswer(Outbox.Writer, [], [], "100-1");
        Outbox.Begin(Outbox.Writer.Write(EventStreamProtocol.Snapshot, snapshot));
        Flush();
        Assert.StartsWith("event: snapshot\n", await ReadAsync(), StringComparison.Ordinal);
    }

    public void Mark(StoredEntry entry)
    {
        _batch.Begin();
        Outbox.Mark(new EntryFragment(entry), _batch);
        _batch.Complete();
    }

    /// <summary>Flushes what is ready, as a flusher does.</summary>
    public void Flush()
    {
        var frames = new FrameCache();
        while (Ready.TryTake(out var outbox))
        {
            outbox.Flush(frames);
        }
    }

    /// <summary>Lets time pass, and the stream do what is due then.</summary>
    public void Pass(TimeSpan time)
    {
        Time.Advance(time);
        Stream.Tick(Outbox);
        Flush();
    }

    /// <summary>What was sent and not read yet; empty when nothing was.</summary>
    public async Task<string> ReadAsync()
    {
        if (!_body.Reader.TryRead(out var read))
        {
            return "";
        }

        var text = Encoding.UTF8.GetString(read.Buffer);
        _body.Reader.AdvanceTo(read.Buffer.End);
        await Outbox.InFlight;
        Flush();
        return text;
    }

    /// <summary>What is sent next by the server itself, after the outbox has ended.</summary>
    public async Task<string> ReadLastAsync()
    {
        var read = await _body.Reader.ReadAsync().AsTask().WaitAsync(Timeout);
        var text = Encoding.UTF8.GetString(read.Buffer);
        _body.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    public void Abort()
    {
        _aborted.Cancel();
        _body.Reader.Complete();
    }

    public void DisableBuffering() { }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task CompleteAsync() => Task.CompletedTask;

    public void Dispose() => _aborted.Dispose();
}
