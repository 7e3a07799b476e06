using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>The sign-in that a code stands for, and what the client must prove to redeem it.</summary>
internal sealed record AuthorizationCode(
    SignIn SignIn,
    string RedirectUri,
    string? Challenge,
    bool ChallengeIsHashed,
    DateTimeOffset ExpiresAt
)
{
    public bool HasChallenge => Challenge is not null;

    public bool Accepts(string? verifier)
    {
        if (Challenge is null)
        {
            return true;
        }

        return verifier is not null
            && Challenge
                == (
                    ChallengeIsHashed
                        ? Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))
                        : verifier
                );
    }
}
