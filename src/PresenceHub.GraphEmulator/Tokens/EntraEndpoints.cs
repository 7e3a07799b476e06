using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using PresenceHub.GraphEmulator.Hosting;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.Tokens;

internal static class EntraEndpoints
{
    private static readonly string[] SharedTenants = ["common", "organizations"];

    public static void MapEntra(this IEndpointRouteBuilder app)
    {
        var tenant = app.MapGroup("/{tenant}").AddEndpointFilter(RefuseUnknownTenants);
        tenant.MapGet("/v2.0/.well-known/openid-configuration", V2Configuration).Operation(Open("openidConfiguration"));
        tenant.MapGet("/.well-known/openid-configuration", V1Configuration).Operation(Open("openidConfiguration"));
        tenant
            .MapGet("/discovery/v2.0/keys", (SigningKeys keys) => Results.Json(keys.ToKeySet()))
            .Operation(Open("keys"));
        tenant.MapGet("/discovery/keys", (SigningKeys keys) => Results.Json(keys.ToKeySet())).Operation(Open("keys"));
        tenant
            .MapGet("/oauth2/v2.0/authorize", (HttpRequest request, AuthorizeEndpoint authorize) =>
                authorize.Authorize(request)
            )
            .Operation(Open("authorize"));
        tenant
            .MapPost("/oauth2/v2.0/token", ([FromForm] IFormCollection form, TokenGrants grants) =>
                grants.RedeemAsync(form)
            )
            .DisableAntiforgery()
            .Operation(Open("token"));
    }

    private static Operation Open(string name) => new(name, NeedsCaller: false);

    private static IResult V2Configuration(string tenant, EmulatorAddress address, GraphEmulatorOptions options) =>
        Results.Json(Configuration(tenant, address.Origin, $"{address.Origin}/{IssuerTenant(tenant, options)}/v2.0"));

    private static IResult V1Configuration(string tenant, EmulatorAddress address, GraphEmulatorOptions options) =>
        Results.Json(
            Configuration(tenant, address.Origin, $"https://sts.windows.net/{IssuerTenant(tenant, options)}/")
        );

    private static string IssuerTenant(string tenant, GraphEmulatorOptions options) =>
        SharedTenants.Contains(tenant, StringComparer.OrdinalIgnoreCase) ? "{tenantid}" : options.TenantId;

    private static JsonObject Configuration(string tenant, string origin, string issuer) =>
        new()
        {
            ["issuer"] = issuer,
            ["authorization_endpoint"] = $"{origin}/{tenant}/oauth2/v2.0/authorize",
            ["token_endpoint"] = $"{origin}/{tenant}/oauth2/v2.0/token",
            ["jwks_uri"] = $"{origin}/{tenant}/discovery/v2.0/keys",
            ["response_types_supported"] = new JsonArray("code"),
            ["response_modes_supported"] = new JsonArray("query", "fragment"),
            ["subject_types_supported"] = new JsonArray("pairwise"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            ["code_challenge_methods_supported"] = new JsonArray("S256", "plain"),
            ["scopes_supported"] = new JsonArray("openid", "profile", "email", "offline_access"),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "private_key_jwt"),
        };

    private static async ValueTask<object?> RefuseUnknownTenants(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        var tenant = (string?)context.HttpContext.Request.RouteValues["tenant"];
        var options = context.HttpContext.RequestServices.GetRequiredService<GraphEmulatorOptions>();
        return
            options.TenantId.Equals(tenant, StringComparison.OrdinalIgnoreCase)
            || SharedTenants.Contains(tenant, StringComparer.OrdinalIgnoreCase)
            ? await next(context)
            : new EntraError("invalid_request", 90002, $"Tenant '{tenant}' not found.");
    }
}
