using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>
/// One connection to the hub, used once: started, lost, disposed. A call that the hub refuses throws
/// <see cref="PresenceHubException"/>; any other exception means that the connection is no longer of use.
/// </summary>
internal interface IHubLink : IAsyncDisposable
{
    /// <summary>Completes when a started link is lost or disposed, with the reason if it was an error. Never
    /// faults.</summary>
    Task<Exception?> Closed { get; }

    Task StartAsync(CancellationToken cancellationToken);

    Task<WatchResult> WatchAsync(WatchRequest request, CancellationToken cancellationToken);

    // Arrays, since MessagePack serialises an argument by its run-time type and does not know every list's.
    Task UnwatchAsync(string[] ids, CancellationToken cancellationToken);

    Task<IReadOnlyList<PresenceEntry>> GetAsync(string[] ids, CancellationToken cancellationToken);
}
