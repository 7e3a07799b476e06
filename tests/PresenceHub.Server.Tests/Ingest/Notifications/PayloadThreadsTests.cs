using System.Collections.Concurrent;
using System.Text;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

public sealed class PayloadThreadsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Add_MoreWorkThanThreads_RunsOnePerThread(int degree)
    {
        using var threads = new PayloadThreads(degree);
        using var begun = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        var (running, most) = (0, 0);
        var works = Enumerable
            .Range(0, 5 * degree)
            .Select(_ => new PayloadWork(() =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                begun.Release();
                release.Wait(Patience);
                Interlocked.Decrement(ref running);
                return [];
            }))
            .ToArray();

        Array.ForEach(works, threads.Add);
        for (var i = 0; i < degree; i++)
        {
            Assert.True(await begun.WaitAsync(Patience));
        }

        Assert.Equal(degree, Volatile.Read(ref running));
        release.Set();
        await Task.WhenAll(works.Select(work => work.Result)).WaitAsync(Patience);
        Assert.Equal(degree, most);
    }

    [Fact]
    public async Task Add_Work_RunsOnDedicatedThreadsThatAreReused()
    {
        using var threads = new PayloadThreads(1);
        var seen = new ConcurrentDictionary<int, bool>();
        for (var i = 0; i < 10; i++)
        {
            var work = new PayloadWork(() =>
            {
                seen[Environment.CurrentManagedThreadId] = Thread.CurrentThread.IsThreadPoolThread;
                return null;
            });
            threads.Add(work);
            await work.Result.WaitAsync(Patience);
        }

        Assert.False(Assert.Single(seen).Value);
    }

    [Fact]
    public async Task Add_WorkFails_FailsOnlyItsCaller()
    {
        using var threads = new PayloadThreads(1);
        var (failing, next) = (
            new PayloadWork(() => throw new InvalidOperationException()),
            new PayloadWork(() => [1])
        );
        threads.Add(failing);
        threads.Add(next);
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing.Result.WaitAsync(Patience));
        Assert.Equal([1], await next.Result.WaitAsync(Patience));
    }

    [Fact]
    public async Task Dispose_QueuedWork_IsCompleted()
    {
        var threads = new PayloadThreads(1);
        using var release = new ManualResetEventSlim();
        var (first, second) = (
            new PayloadWork(() =>
            {
                release.Wait(Patience);
                return [1];
            }),
            new PayloadWork(() => [2])
        );
        threads.Add(first);
        threads.Add(second);
        threads.Dispose();
        release.Set();
        Assert.Equal([2], await second.Result.WaitAsync(Patience));
        Assert.Throws<ObjectDisposedException>(() => threads.Add(new PayloadWork(() => null)));
    }

    [Fact]
    public async Task DecryptAsync_ManyInParallel_ReturnsTheTextOfEach()
    {
        using var threads = new PayloadThreads(2);
        var certificate = EncryptionCertificate.Create(TimeProvider.System.GetUtcNow());
        var opened = await Task.WhenAll(
                Enumerable
                    .Range(0, 50)
                    .Select(number =>
                        threads.DecryptAsync(PayloadDecryptorTests.Encrypt($"{number}", certificate), certificate)
                    )
            )
            .WaitAsync(Patience);
        Assert.Equal(
            Enumerable.Range(0, 50).Select(number => $"{number}"),
            opened.Select(json => Encoding.UTF8.GetString(json!))
        );
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; )
        {
            seen = Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
