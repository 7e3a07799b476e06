using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>
/// Removes an account: first from the pool of the leader, then its subscriptions at Graph, and last its tokens, which
/// are needed to delete the subscriptions.
/// </summary>
internal sealed class AccountRemoval(
    AccountRegistry registry,
    AccountSignIn signIn,
    IAccountSubscriptions subscriptions,
    ILogger<AccountRemoval> logger
)
{
    private static readonly TimeSpan GraphTimeout = TimeSpan.FromSeconds(10);

    public async Task RemoveAsync(ConnectedAccount account, CancellationToken cancellationToken)
    {
        await registry.RemoveAsync(account.UserId, cancellationToken);
        await DeleteSubscriptionsAsync(account, cancellationToken);
        await signIn.RemoveTokensAsync(account.HomeAccountId).WaitAsync(cancellationToken);
        logger.AccountRemoved();
    }

    private async Task DeleteSubscriptionsAsync(ConnectedAccount account, CancellationToken cancellationToken)
    {
        var owner = new GraphAccount { UserId = account.UserId.ToString(), HomeAccountId = account.HomeAccountId };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(GraphTimeout);
        try
        {
            await subscriptions.DeleteAllAsync(owner, timeout.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // An account is often removed because its sign-in has ended. A failure must not prevent the removal.
            logger.SubscriptionNotDeleted(FailureReason.Of(exception));
        }
    }
}
