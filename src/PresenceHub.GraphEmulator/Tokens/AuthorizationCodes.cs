using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>Codes on their way from the browser to the client. Each is valid once, for ten minutes.</summary>
internal sealed class AuthorizationCodes(TimeProvider time)
{
    private const int Capacity = 10_000;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, AuthorizationCode> _codes = new();

    public string Add(SignIn signIn, string redirectUri, string? challenge, bool challengeIsHashed)
    {
        // Codes that are not redeemed must not accumulate: of more than ten thousand, the oldest are dropped.
        if (_codes.Count >= Capacity)
        {
            _codes.Clear();
        }

        var code = "1.A" + Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(48));
        _codes[code] = new AuthorizationCode(
            signIn,
            redirectUri,
            challenge,
            challengeIsHashed,
            time.GetUtcNow() + Life
        );
        return code;
    }

    public AuthorizationCode? TryTake(string code) =>
        _codes.TryRemove(code, out var found) && found.ExpiresAt > time.GetUtcNow() ? found : null;
}
