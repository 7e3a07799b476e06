using System.Globalization;
using PresenceHub.Fleet.Identities;

namespace PresenceHub.Fleet.Members;

/// <summary>Replaces a token that the hub refused, or ends the run when there is no other.</summary>
internal static class TokenRefusal
{
    public static async Task HandleAsync(
        FleetSurroundings fleet,
        int identity,
        string refused,
        Uri hub,
        CancellationToken cancellationToken
    )
    {
        if (await fleet.Identities.TryRenewAsync(identity, refused, cancellationToken))
        {
            fleet.Account.Records.Counters.RenewedTokens.Increment();
            return;
        }

        var expiry = TokenExpiry.Of(refused);
        fleet.Stop.Fail(
            expiry <= fleet.Time.GetUtcNow()
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"A token expired at {expiry:yyyy-MM-dd HH:mm:ss} UTC and its source has no newer one: use "
                        + $"tokens that outlive the run, or --token-command."
                )
                : $"{hub} does not accept the token: check that it is meant for this hub (audience, tenant, scope) "
                    + $"and has not been revoked."
        );
    }
}
