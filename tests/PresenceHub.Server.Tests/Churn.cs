using PresenceHub.Contracts;

namespace PresenceHub.Server.Tests;

/// <summary>What the tests share that send a million different ids through a part of the server.</summary>
internal static class Churn
{
    public const int Ids = 1_000_000;

    /// <summary>What tables may keep of their greatest size, and the runtime of its own.</summary>
    public const long MaxGrowth = 24 * 1024 * 1024;

    public static SubjectId[] Strangers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new SubjectId(Guid.NewGuid()))];

    public static long Heap() => GC.GetTotalMemory(forceFullCollection: true);
}
