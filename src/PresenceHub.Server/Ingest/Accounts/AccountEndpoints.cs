using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Graph;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Lists, connects and removes delegated accounts.</summary>
internal static class AccountEndpoints
{
    private const string ListPath = "/admin/accounts";

    public static void MapAccounts(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<GraphOptions>>().Value;
        var accounts = app.MapGroup("/admin/accounts").AddEndpointFilter(GuardAsync);
        var administration = accounts.MapGroup("").RequireAuthorization(Administrators.Policy(options));
        administration.MapGet("/", ListAsync).WithMetadata(new AuditedAct("account.list"));
        administration.MapGet("/connect", ConnectAsync).Audited("account.signin");
        administration
            .MapPost("/connect", CreateLinkAsync)
            .Audited("account.link")
            .AddEndpointFilter(RefuseForgeryAsync);
        administration
            .MapDelete("/{userId:guid}", RemoveAsync)
            .Audited("account.remove")
            .AddEndpointFilter(RefuseForgeryAsync);

        // The caller is identified by a one-time secret of an administrator.
        accounts.MapGet("/connect/{ticket}", FollowLinkAsync).AddEndpointFilter(AccountAudit.Of("account.signin"));
        accounts.MapGet("/callback", CompleteAsync).AddEndpointFilter(AccountAudit.Of("account.connect"));
        if (options.Mode is GraphMode.Emulator)
        {
            app.MapGet("/admin/signin", DevelopmentSignIn.SignInAsync);
        }
    }

    /// <summary>Audits the calls of the endpoint, and those that authorization refuses.</summary>
    private static RouteHandlerBuilder Audited(this RouteHandlerBuilder endpoint, string act) =>
        endpoint.AddEndpointFilter(AccountAudit.Of(act)).WithMetadata(new AuditedAct(act));

    private static async Task<IResult> ListAsync(
        AccountRegistry registry,
        IOptions<GraphOptions> options,
        CancellationToken cancellationToken
    )
    {
        var connected = await registry.ListAsync(cancellationToken);
        var health = (await registry.ListHealthAsync(cancellationToken)).ToDictionary(account => account.UserId);
        var configured = options
            .Value.Accounts.Select(account => Guid.Parse(account.UserId))
            .Except(connected.Select(account => account.UserId));
        return TypedResults.Ok(
            connected
                .OrderBy(account => account.ConnectedAt)
                .Select(account => AccountReport.Of(account.UserId, account, health.GetValueOrDefault(account.UserId)))
                .Concat(configured.Select(userId => AccountReport.Of(userId, null, health.GetValueOrDefault(userId))))
        );
    }

    private static async Task<IResult> ConnectAsync(
        HttpContext context,
        AccountSignIn signIn,
        PendingSignIns pending,
        SubscriptionAvailability subscriptions,
        ILogger<AccountSignIn> logger,
        string? loginHint = null
    )
    {
        if (subscriptions.DisabledReason is { } reason)
        {
            return Problems.Of(
                StatusCodes.Status409Conflict,
                $"{reason}: without subscriptions an account is not used"
            );
        }

        try
        {
            var state = SignInState.Create();
            AccountAudit.SetTarget(context, "sign-in", state.Value);
            var (url, verifier) = await signIn.BeginAsync(state.Value, loginHint, context.RequestAborted);
            await pending.PutAsync(context, new PendingSignIn(state, verifier));
            return TypedResults.Redirect(url.ToString());
        }
        catch (Exception exception) when (exception is Microsoft.Identity.Client.MsalException or HttpRequestException)
        {
            logger.AccountNotConnected(FailureReason.Of(exception));
            return Problems.RetryLater(StatusCodes.Status503ServiceUnavailable, "The authority cannot be reached");
        }
    }

    /// <summary>
    /// Creates a link that a browser can open once, for a caller that has a bearer token but no cookie.
    /// </summary>
    private static async Task<IResult> CreateLinkAsync(
        HttpContext context,
        ConnectTickets tickets,
        IOptions<GraphOptions> options
    )
    {
        var ticket = ConnectTicket.Create();
        AccountAudit.SetTarget(context, "link", ticket.Value);
        await tickets.PutAsync(ticket);
        var url = $"{options.Value.NotificationUrl?.TrimEnd('/')}{ListPath}/connect/{ticket.Value}";
        return TypedResults.Ok(new { url, expiresIn = (int)OneTimeSecret.Lifetime.TotalSeconds });
    }

    private static async Task<IResult> FollowLinkAsync(
        string ticket,
        HttpContext context,
        ConnectTickets tickets,
        AccountSignIn signIn,
        PendingSignIns pending,
        SubscriptionAvailability subscriptions,
        ILogger<AccountSignIn> logger
    )
    {
        if (!await tickets.TryUseAsync(new ConnectTicket(ticket)))
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden,
                "The link was used already, or is older than ten minutes"
            );
        }

        AccountAudit.SetActor(context, "link", ticket);
        return await ConnectAsync(context, signIn, pending, subscriptions, logger);
    }

    private static async Task<IResult> CompleteAsync(
        HttpContext context,
        AccountConnection connection,
        PendingSignIns pending,
        string? code = null,
        string? state = null,
        string? error = null
    )
    {
        if (await pending.TryTakeAsync(context, state) is not { } begun)
        {
            return Problems.Of(
                StatusCodes.Status400BadRequest,
                "This browser did not begin to connect an account, or took longer than ten minutes; begin again"
            );
        }

        AccountAudit.SetActor(context, "sign-in", begun.State.Value);

        // The target of the redirect does not come from the request, so it cannot lead to another site.
        return error is not null || string.IsNullOrEmpty(code)
            ? Problems.Of(StatusCodes.Status400BadRequest, "The authority did not sign the account in")
            : await connection.CompleteAsync(code, begun.Verifier, context)
                ?? TypedResults.Redirect($"{context.Request.PathBase}{ListPath}");
    }

    private static async Task<IResult> RemoveAsync(
        Guid userId,
        HttpContext context,
        AccountRegistry registry,
        AccountRemoval removal,
        IOptions<GraphOptions> options,
        CancellationToken cancellationToken
    )
    {
        AccountAudit.SetTarget(context, "account", userId.ToString());
        if (await registry.TryGetAsync(userId, cancellationToken) is not { } account)
        {
            return options.Value.Accounts.Any(configured =>
                Guid.TryParse(configured.UserId, out var id) && id == userId
            )
                ? Problems.Of(
                    StatusCodes.Status409Conflict,
                    "The account is in the configuration (Graph:Accounts): remove it there"
                )
                : Problems.Of(StatusCodes.Status404NotFound, "No such account is connected");
        }

        await removal.RemoveAsync(account, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async ValueTask<object?> GuardAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        context.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return Problems.RetryLater(
                StatusCodes.Status503ServiceUnavailable,
                "The accounts cannot be read or changed at present"
            );
        }
    }

    /// <summary>Another site can make a browser send the cookie, but no bearer token and no custom header.</summary>
    private static async ValueTask<object?> RefuseForgeryAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    ) =>
        context.HttpContext.Request.Headers.ContainsKey(Administrators.CsrfHeader)
        || (await context.HttpContext.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme)).Succeeded
            ? await next(context)
            : Problems.Of(
                StatusCodes.Status403Forbidden,
                $"With a cookie, the header {Administrators.CsrfHeader} is needed"
            );
}
