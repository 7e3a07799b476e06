using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace PresenceHub.Server.Tests.Hubs;

/// <summary>An issuer of tokens that is asked without a network.</summary>
internal sealed class IssuerHandler : HttpMessageHandler
{
    private int _requests;

    /// <summary>Keys that it publishes.</summary>
    public IReadOnlyList<RSA> Keys { get; set; } = [];

    /// <summary>Whether it cannot be reached.</summary>
    public bool IsAway { get; set; }

    /// <summary>What is answered with 200 in place of its documents.</summary>
    public string? Page { get; set; }

    /// <summary>How often it was asked.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static string IdOf(RSA key) => Base64UrlEncoder.Encode(SHA256.HashData(key.ExportRSAPublicKey()));

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _requests);
        if (IsAway)
        {
            throw new HttpRequestException("The issuer is away");
        }

        if (Page is not null)
        {
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Page, null, "text/html") }
            );
        }

        object answer = request.RequestUri!.AbsolutePath.EndsWith("openid-configuration", StringComparison.Ordinal)
            ? new { issuer = "https://issuer.example/v2.0", jwks_uri = "https://issuer.example/keys" }
            : new { keys = Keys.Select(JwkOf).ToArray() };
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(answer) });
    }

    private static object JwkOf(RSA key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new
        {
            kty = "RSA",
            use = "sig",
            kid = IdOf(key),
            n = Base64UrlEncoder.Encode(parameters.Modulus),
            e = Base64UrlEncoder.Encode(parameters.Exponent),
        };
    }
}
