using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Keeps the subscriptions of all accounts while this node leads. Each term has new objects, since another node may
/// have changed the subscriptions between two terms.
/// </summary>
internal sealed class SubscriptionTerm(
    PlannedAccounts accounts,
    SubscriptionKeeper keeper,
    AccountFollower accountFollower,
    NoticeFollower noticeFollower,
    Drift drift,
    PresenceMirror mirror,
    IngestMetrics metrics
)
{
    /// <summary>
    /// Runs until the term ends. The subscriptions remain, so notifications continue until the next leader takes over.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        void RequestRegistration(int partition) => accounts.RequestRegistration();
        drift.Clear();
        mirror.EpochChanged += RequestRegistration;
        try
        {
            await Task.WhenAll(
                noticeFollower.RunAsync(cancellationToken),
                accountFollower.RunAsync(cancellationToken),
                keeper.RunAsync(cancellationToken)
            );
        }
        finally
        {
            mirror.EpochChanged -= RequestRegistration;
            metrics.SetCovered(0);
            metrics.SetAccounts(0, 0, 0);
        }
    }
}
