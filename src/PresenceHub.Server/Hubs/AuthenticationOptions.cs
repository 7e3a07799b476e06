using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Hubs;

/// <summary>Which tokens the hub accepts. Clients cannot be anonymous.</summary>
internal sealed class AuthenticationOptions
{
    public const string SectionName = "Authentication";

    /// <summary>The issuer whose OpenID configuration names the signing keys, such as
    /// https://login.microsoftonline.com/{tenant}/v2.0.</summary>
    /// <remarks>Default: the v2.0 issuer of <c>Graph:TenantId</c> at <c>Graph:AuthorityHost</c>. Outside Development it
    /// must be https.</remarks>
    [Required(
        ErrorMessage = "Authentication:Authority is missing: the issuer of client tokens (by default that of Graph:TenantId)"
    )]
    public string Authority { get; set; } = string.Empty;

    /// <summary>The <c>aud</c> that client tokens must carry: the application id (URI) under which the hub is
    /// registered.</summary>
    /// <remarks>Default: <c>Graph:ClientId</c>. A GUID also matches <c>api://</c> with that GUID, and vice
    /// versa.</remarks>
    [Required(
        ErrorMessage = "Authentication:Audience is missing: the application id that client tokens are made for (by default Graph:ClientId)"
    )]
    public string Audience { get; set; } = string.Empty;

    /// <summary>
    /// Scopes of the hub's API. The token of a user needs one of them in <c>scp</c>, because a token with the right
    /// audience may be meant for another purpose. Empty means <c>access</c>.
    /// </summary>
    public string[]? RequiredScopes { get; set; }

    /// <summary>
    /// App roles of the hub. The token of an application needs one of them in <c>roles</c>. Empty means
    /// <c>PresenceHub.Watch</c>.
    /// </summary>
    public string[]? RequiredRoles { get; set; }

    /// <summary>
    /// Whether guests of the tenant may connect: accounts that another tenant or identity provider signs in. Guests are
    /// refused by default, because they would see the presence of the whole tenant.
    /// </summary>
    public bool AllowGuests { get; set; }
}
