using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Takes an account out: the leader first, then what Graph holds for it, its tokens last, since deleting needs
/// them.</summary>
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
        await signIn.ForgetAsync(account.HomeAccountId).WaitAsync(cancellationToken);
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
            // An account is often removed because it is dead: that must not keep it here.
            logger.SubscriptionNotDeleted(FailureReason.Of(exception));
        }
    }
}
