using Microsoft.Extensions.Options;
using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.Hosting;

/// <summary>How the board's users sign in. Nothing in it is secret.</summary>
/// <param name="ClientId">The application id of the board.</param>
/// <param name="Authority">The URL of the tenant's authority, without a version.</param>
/// <param name="Scope">The scope of the hub.</param>
internal sealed record BoardSignIn(string ClientId, string Authority, string Scope)
{
    private const string Version = "/v2.0";

    /// <summary>Null when the settings name no application: the board then asks for a token.</summary>
    public static BoardSignIn? From(IServiceProvider services)
    {
        var board = services.GetRequiredService<IOptions<BoardOptions>>().Value;
        if (string.IsNullOrEmpty(board.ClientId))
        {
            return null;
        }

        var authority = string.IsNullOrEmpty(board.Authority)
            ? services.GetRequiredService<IOptions<AuthenticationOptions>>().Value.Authority
            : board.Authority;
        // MSAL appends the version to the authority itself.
        authority = authority.TrimEnd('/');
        authority = authority.EndsWith(Version, StringComparison.OrdinalIgnoreCase)
            ? authority[..^Version.Length]
            : authority;
        return new BoardSignIn(board.ClientId, authority, board.Scope!);
    }

    /// <summary>The origin of the authority, for a content security policy.</summary>
    public string Origin() => new Uri(Authority).GetLeftPart(UriPartial.Authority);
}
