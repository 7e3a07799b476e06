using PresenceHub.Contracts;

namespace PresenceHub.Server.Tests;

/// <summary>
/// Shared by the tests that send half a million different ids through a part of the server: how many there are, and by
/// how much the heap may grow. The bound is less than 26 bytes for each id.
/// </summary>
internal static class Churn
{
    public const int Ids = 500_000;

    /// <summary>What tables may keep of their greatest size, and the runtime of its own.</summary>
    public const long MaxGrowth = 12 * 1024 * 1024;

    public static SubjectId[] Strangers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new SubjectId(Guid.NewGuid()))];

    /// <summary>What the heap holds, without what earlier tests left to finalizers.</summary>
    public static long Heap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
