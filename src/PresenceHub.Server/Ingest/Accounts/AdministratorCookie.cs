namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Goes to the administration only, below the path prefix under which the browser knows the hub.</summary>
internal sealed class AdministratorCookie : CookieBuilder
{
    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Path = context.Request.PathBase.Add("/admin");
        return options;
    }
}
