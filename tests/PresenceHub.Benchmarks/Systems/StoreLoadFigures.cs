namespace PresenceHub.Benchmarks.Systems;

/// <summary>How fast a store took changes.</summary>
/// <param name="PageSize">Changes in one call of the store.</param>
/// <param name="PerSecond">Changes applied in a second.</param>
/// <param name="NodeMicroseconds">The node's CPU for one of them.</param>
internal sealed record StoreLoadFigures(int PageSize, double PerSecond, double NodeMicroseconds)
{
    /// <summary>As many as Graph answers in one page.</summary>
    public const int Page = 650;
}
