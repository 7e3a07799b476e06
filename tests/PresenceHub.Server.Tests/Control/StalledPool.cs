namespace PresenceHub.Server.Tests.Control;

/// <summary>Tests that keep every thread of the pool busy: nothing else may run beside them.</summary>
[CollectionDefinition(nameof(StalledPool), DisableParallelization = true)]
public sealed class StalledPool
{
    /// <summary>More than the pool adds threads in the time, each of which it takes a while to start.</summary>
    private const int Blocked = 1_000;

    /// <summary>Blocks the pool for a while, and this thread too. Returns whether nothing that was queued behind has
    /// run in all that time.</summary>
    public static bool For(TimeSpan duration)
    {
        using var end = new CountdownEvent(1);
        using var left = new CountdownEvent(Blocked);
        for (var i = 0; i < Blocked; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    end.Wait(duration);
                    left.Signal();
                },
                null
            );
        }

        var hasRun = false;
        ThreadPool.UnsafeQueueUserWorkItem(_ => Volatile.Write(ref hasRun, true), null);
        end.Wait(duration * 0.9);
        var stalled = !Volatile.Read(ref hasRun);
        end.Signal();
        left.Wait();
        return stalled;
    }
}
