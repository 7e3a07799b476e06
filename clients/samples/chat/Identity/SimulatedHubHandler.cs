using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace PresenceHub.ChatSample.Identity;

/// <summary>
/// For a hub in simulated mode. Its tokens are signed by an authority that lives inside the hub and whose address and
/// certificate change, so the chat presents the token to the hub: one that the hub accepts is genuine. This is for
/// development only: in a tenant a server validates tokens of its own audience by itself.
/// </summary>
internal sealed class SimulatedHubHandler(
    IHttpClientFactory http,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "SimulatedHub";

    /// <summary>How long the hub may take to answer. It is on the same machine as a rule.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var reader = new JsonWebTokenHandler();
        var token = QueryToken.Read(Request);
        if (token is null || !reader.CanReadToken(token))
        {
            return AuthenticateResult.NoResult();
        }

        var read = reader.ReadJsonWebToken(token);
        if (!read.TryGetClaim(ObjectIdProvider.Claim, out var user))
        {
            return AuthenticateResult.Fail("The token names no user");
        }

        try
        {
            using var client = http.CreateClient(SchemeName);
            var address = $"api/presence?ids={Uri.EscapeDataString(user.Value)}";
            using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
            question.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await client.SendAsync(question, Context.RequestAborted);
            return answer.IsSuccessStatusCode
                ? AuthenticateResult.Success(Ticket(user.Value, read.ValidTo))
                : AuthenticateResult.Fail($"The presence hub answered {(int)answer.StatusCode}");
        }
        catch (HttpRequestException exception)
        {
            return AuthenticateResult.Fail(exception);
        }
        catch (TaskCanceledException) when (!Context.RequestAborted.IsCancellationRequested)
        {
            return AuthenticateResult.Fail("The presence hub does not answer");
        }
    }

    /// <summary>The ticket ends with the token, and so does a connection.</summary>
    private static AuthenticationTicket Ticket(string user, DateTime validTo)
    {
        var identity = new ClaimsIdentity([new Claim(ObjectIdProvider.Claim, user)], SchemeName);
        var properties = new AuthenticationProperties { ExpiresUtc = new DateTimeOffset(validTo, TimeSpan.Zero) };
        return new AuthenticationTicket(new ClaimsPrincipal(identity), properties, SchemeName);
    }
}
