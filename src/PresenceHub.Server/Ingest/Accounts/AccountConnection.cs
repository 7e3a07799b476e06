using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Completes a sign-in: redeems the code and adds the account to the pool.</summary>
internal sealed class AccountConnection(
    AccountSignIn signIn,
    AccountRegistry registry,
    IOptions<GraphOptions> options,
    TimeProvider time,
    ILogger<AccountConnection> logger
)
{
    /// <summary>Returns null when the account is connected, otherwise the error to answer with.</summary>
    public async Task<IResult?> CompleteAsync(string code, string verifier, HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        AuthenticationResult result;
        try
        {
            result = await signIn.CompleteAsync(code, verifier, cancellationToken);
        }
        catch (Exception exception)
            when (exception is MsalServiceException { StatusCode: >= 500 } or HttpRequestException)
        {
            logger.AccountNotConnected(FailureReason.Of(exception));
            return Problems.RetryLater(
                StatusCodes.Status503ServiceUnavailable,
                "The authority cannot be reached; begin again"
            );
        }
        catch (MsalException exception)
        {
            logger.AccountNotConnected(exception.ErrorCode);
            return Problems.Of(StatusCodes.Status400BadRequest, "The authority did not sign the account in");
        }

        if (
            !Guid.TryParse(result.TenantId, out var tenantId)
            || tenantId != Guid.Parse(options.Value.TenantId!)
            || !Guid.TryParse(result.UniqueId, out var userId)
        )
        {
            await signIn.RemoveTokensAsync(result.Account.HomeAccountId.Identifier).WaitAsync(cancellationToken);
            logger.AccountNotConnected("another tenant");
            return Problems.Of(StatusCodes.Status403Forbidden, "The account is not one of the tenant");
        }

        AccountAudit.SetTarget(context, "account", userId.ToString());
        await registry.PutAsync(
            new ConnectedAccount(
                userId,
                result.Account.Username,
                result.Account.HomeAccountId.Identifier,
                time.GetUtcNow()
            ),
            cancellationToken
        );
        logger.AccountConnected();
        return null;
    }
}
