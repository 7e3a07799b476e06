namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>A cookie for the administration endpoints only, below the path prefix of the hub.</summary>
internal sealed class AdministratorCookie : CookieBuilder
{
    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Path = context.Request.PathBase.Add("/admin");
        return options;
    }
}
