using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class AccessTokensTests
{
    private const string Tenant = "11111111-0000-0000-0000-000000000000";
    private const string NeedsScope = "The token needs the scope access in scp";
    private const string NeedsRole = "The token of an application needs the app role PresenceHub.Watch in roles";
    private const string NoAccessToken = "The token is no access token: it names no application in azp or appid";
    private const string NoGuests = "Guests are not let in (Authentication:AllowGuests)";

    [Theory]
    [InlineData("azp=app scp=access", null)]
    [InlineData("appid=app scp=access", null)]
    [InlineData("azp=app scp=profile,access", null)]
    [InlineData("azp=app scp=User.Read", NeedsScope)]
    [InlineData("azp=app scp=Access", NeedsScope)]
    [InlineData("azp=app scp=accessory", NeedsScope)]
    [InlineData("azp=app scp=User.Read roles=PresenceHub.Watch", NeedsScope)]
    [InlineData("azp=app idtyp=app roles=PresenceHub.Watch", null)]
    [InlineData("azp=app roles=Other roles=PresenceHub.Watch", null)]
    [InlineData("azp=app idtyp=app", NeedsRole)]
    [InlineData("azp=app", NeedsRole)]
    [InlineData("azp=app idtyp=app roles=Other", NeedsRole)]
    [InlineData("azp=app idtyp=app scp=access", NeedsRole)]
    [InlineData("scp=access", NoAccessToken)]
    [InlineData("roles=PresenceHub.Watch", NoAccessToken)]
    [InlineData("nonce=n", NoAccessToken)]
    public void FindFault_AnyToken_SaysWhatItLacks(string claims, string? fault) =>
        Assert.Equal(fault, Rules().FindFault(Token(claims)));

    [Theory]
    [InlineData("acct=1", true)]
    [InlineData("acct=0", false)]
    [InlineData("idp=https://sts.windows.net/22222222-0000-0000-0000-000000000000/", true)]
    [InlineData("idp=live.com", true)]
    [InlineData($"idp=https://sts.windows.net/{Tenant}/", false)]
    [InlineData($"idp=https://login.microsoftonline.com/{Tenant}/v2.0", false)]
    public void FindFault_Guest_IsRefusedUnlessAllowed(string claims, bool isGuest)
    {
        var token = Token(
            $"azp=app scp=access tid={Tenant} iss=https://login.microsoftonline.com/{Tenant}/v2.0 {claims}"
        );

        Assert.Equal(isGuest ? NoGuests : null, Rules().FindFault(token));
        Assert.Null(Rules(options => options.AllowGuests = true).FindFault(token));
    }

    [Fact]
    public void FindFault_OtherScopesAndRolesConfigured_ReplaceTheDefaults()
    {
        var rules = Rules(options => (options.RequiredScopes, options.RequiredRoles) = (["watch", "read"], ["Reader"]));

        Assert.Null(rules.FindFault(Token("azp=app scp=read")));
        Assert.Null(rules.FindFault(Token("azp=app idtyp=app roles=Reader")));
        Assert.Equal("The token needs the scope watch or read in scp", rules.FindFault(Token("azp=app scp=access")));
        Assert.Equal(
            "The token of an application needs the app role Reader in roles",
            rules.FindFault(Token("azp=app idtyp=app roles=PresenceHub.Watch"))
        );
    }

    [Theory]
    [InlineData(JwtBearerDefaults.AuthenticationScheme, false)]
    [InlineData("cookie", true)]
    public async Task Handle_AnyPolicy_FailsForFaultyTokensOnly(string authenticationType, bool isAuthorized)
    {
        var policy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim("azp", "app")], authenticationType));
        var context = new AuthorizationHandlerContext(policy.Requirements, user, resource: null);
        foreach (var requirement in policy.Requirements)
        {
            context.Succeed(requirement);
        }

        await Rules().HandleAsync(context);

        Assert.Equal(isAuthorized, context.HasSucceeded);
        Assert.Equal(isAuthorized ? [] : [NeedsRole], context.FailureReasons.Select(reason => reason.Message));
    }

    [Theory]
    [InlineData("azp=app scp=access", false, 1)]
    [InlineData("azp=app scp=access", true, 0)]
    [InlineData("azp=app scp=access acct=0", false, 0)]
    [InlineData("azp=app scp=access idp=live.com tid=t", false, 0)]
    [InlineData("azp=app scp=other", false, 0)]
    [InlineData("azp=app idtyp=app roles=PresenceHub.Watch", false, 0)]
    public async Task Handle_TokenThatDoesNotTellGuestsApart_IsWarnedOfOnce(string claims, bool allowGuests, int lines)
    {
        using var log = new WrittenLog();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        var rules = new AccessTokens(
            Options.Create(new AuthenticationOptions { AllowGuests = allowGuests }),
            loggers.CreateLogger<AccessTokens>()
        );
        var policy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();

        for (var i = 0; i < 3; i++)
        {
            await rules.HandleAsync(
                new AuthorizationHandlerContext(policy.Requirements, new ClaimsPrincipal(Token(claims)), resource: null)
            );
        }

        Assert.Equal(lines, log.Lines.Count(line => line.Contains("no acct claim", StringComparison.Ordinal)));
        Assert.Equal(lines, log.Lines.Count);
    }

    private static AccessTokens Rules(Action<AuthenticationOptions>? configure = null)
    {
        var options = new AuthenticationOptions();
        configure?.Invoke(options);
        return new AccessTokens(Options.Create(options), NullLogger<AccessTokens>.Instance);
    }

    /// <summary>Claims as name=value, a comma for the blank between scopes.</summary>
    private static ClaimsIdentity Token(string claims) =>
        new(
            claims
                .Split(' ')
                .Select(claim => claim.Split('=', 2))
                .Select(claim => new Claim(claim[0], claim[1].Replace(',', ' '))),
            JwtBearerDefaults.AuthenticationScheme
        );
}
