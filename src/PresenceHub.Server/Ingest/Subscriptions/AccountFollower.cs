using PresenceHub.Server.Ingest.Accounts;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Applies changes of the account pool during one term, and publishes the health of each account.</summary>
internal sealed class AccountFollower(
    PlannedAccounts accounts,
    AccountPool pool,
    AccountRegistry registry,
    TimeProvider time,
    ILogger<AccountFollower> logger
)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private bool _isFailing;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                accounts.Set(await pool.ReadAsync(cancellationToken));
                await registry.PutHealthAsync(accounts.Health, cancellationToken);
                _isFailing = false;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (!_isFailing)
                {
                    logger.AccountsNotRead(FailureReason.Of(exception));
                    _isFailing = true;
                }
            }

            await Task.Delay(Period, time, cancellationToken);
        }
    }
}
