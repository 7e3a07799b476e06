using PresenceHub.GraphEmulator.Tokens;

namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>Creates the tokens that prove that a rich notification comes from the change tracking of Graph.</summary>
internal sealed class ValidationTokens(
    TokenIssuer issuer,
    SigningKeys keys,
    GraphEmulatorOptions options,
    TimeProvider time
)
{
    private const string Publisher = "0bf30f3b-4a52-48df-9a82-234910c4a086";
    private const string Stranger = "5717ca6e-0000-4000-8000-000000000000";
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    // Longer than clocks may differ, so that such a token may be refused.
    private static readonly TimeSpan ExpiredFor = TimeSpan.FromMinutes(-3);

    // Tokens are valid for a day, so one token serves many notifications, as in Graph.
    private static readonly TimeSpan ReuseFor = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<
        (Guid ApplicationId, NotificationFlaws Flaws, TokenVersion Version),
        (string Token, DateTimeOffset At)
    > _made = [];

    public string For(Guid applicationId, NotificationFlaws flaws)
    {
        var now = time.GetUtcNow();
        var key = (applicationId, flaws, options.Switches.ValidationTokens);
        lock (_gate)
        {
            if (!_made.TryGetValue(key, out var made) || now - made.At > ReuseFor)
            {
                _made[key] = made = (Make(applicationId, flaws), now);
            }

            return made.Token;
        }
    }

    private string Make(Guid applicationId, NotificationFlaws flaws)
    {
        var publisher = flaws.HasFlag(NotificationFlaws.WrongPublisher) ? Stranger : Publisher;
        var isV2 = options.Switches.ValidationTokens == TokenVersion.V2;
        var claims = new Dictionary<string, object>
        {
            ["aud"] = flaws.HasFlag(NotificationFlaws.WrongAudience) ? Stranger : applicationId.ToString(),
            ["iss"] = isV2 ? issuer.Issuer : $"https://sts.windows.net/{options.TenantId}/",
            ["tid"] = options.TenantId,
            ["oid"] = Publisher,
            ["sub"] = Publisher,
            ["ver"] = isV2 ? "2.0" : "1.0",
            [isV2 ? "azp" : "appid"] = publisher,
        };
        var credentials = flaws.HasFlag(NotificationFlaws.UnknownKey)
            ? SigningKeys.UnknownCredentials
            : keys.Credentials;
        var life = flaws.HasFlag(NotificationFlaws.ExpiredToken) ? ExpiredFor : Life;
        return issuer.Sign(claims, life, credentials);
    }
}
