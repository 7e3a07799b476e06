namespace PresenceHub.Server.Ingest.Graph;

/// <summary>The tenant whose presence is read, and the application that reads it.</summary>
internal sealed class GraphOptions
{
    public const string SectionName = "Graph";
    private const string GlobalService = "https://graph.microsoft.com/v1.0";
    internal const string GlobalAuthority = "https://login.microsoftonline.com";

    /// <summary>
    /// Microsoft Graph (<c>Tenant</c>) or the emulator (<c>Emulator</c>). Default: <c>Emulator</c> in Development,
    /// otherwise <c>Tenant</c>.
    /// </summary>
    public GraphMode? Mode { get; set; }

    /// <summary>
    /// Root of the API, a URL that ends in <c>/v1.0</c>. Default in Tenant mode: Microsoft's global service. National
    /// clouds and the emulator have their own.
    /// </summary>
    public string? BaseUrl { get; set; }

    /// <summary>
    /// Base URL of the authority that issues the tokens. Default in Tenant mode: Microsoft's global authority.
    /// </summary>
    public string? AuthorityHost { get; set; }

    /// <summary>Directory (tenant) id, a GUID. Kept in lower case, as tokens carry it.</summary>
    public string? TenantId
    {
        get;
        set => field = LowerCaseOf(value);
    }

    /// <summary>Application (client) id, a GUID. Kept in lower case, as tokens carry it.</summary>
    public string? ClientId
    {
        get;
        set => field = LowerCaseOf(value);
    }

    /// <summary>
    /// Secret of the application. Either the secret or <see cref="ClientCertificatePath"/> is required.
    /// </summary>
    public string? ClientSecret { get; set; }

    /// <summary>
    /// PFX or PEM file with the certificate of the application and its private key, in place of a secret.
    /// </summary>
    public string? ClientCertificatePath { get; set; }

    /// <summary>
    /// PEM file with roots that are trusted for Graph and the authority, in addition to those of the machine.
    /// </summary>
    public string? TrustedRootPath { get; set; }

    /// <summary>
    /// Public base URL of the hub, to which Graph posts notifications. It must be https, because Graph posts to nothing
    /// else. Without it, presence is only polled.
    /// </summary>
    public string? NotificationUrl { get; set; }

    /// <summary>
    /// Delegated accounts that hold subscriptions, in addition to those that an administrator connects. Each can cover
    /// 650 subjects. Without any account, presence is only polled.
    /// </summary>
    public IList<GraphAccount> Accounts { get; } = [];

    /// <summary>
    /// Requests that Graph allows the application in the tenant within 30 seconds: 1 to 100,000. The documentation of
    /// Graph names 1,500 and 10,000 for presence; the smaller number is safe.
    /// </summary>
    public int RequestsPer30Seconds { get; set; } = 1500;

    /// <summary>
    /// Part of <see cref="RequestsPer30Seconds"/> that the hub uses: above 0, at most 1. The rest is left to other
    /// parts of the same application.
    /// </summary>
    public double BudgetShare { get; set; } = 0.8;

    /// <summary>As <see cref="TrustedRootPath"/>, from a server in this process.</summary>
    internal string? TrustedRootPem { get; set; }

    internal Uri ServiceUri => new(BaseUrl ?? GlobalService);

    internal Uri AuthorityUri => new(AuthorityHost ?? GlobalAuthority);

    /// <summary>Browsers come to the hub over https, though a proxy may end it before.</summary>
    internal bool IsPublishedOverTls =>
        NotificationUrl?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>Hosts of Microsoft's own authorities are known to the identity libraries; any other they must not look
    /// up.</summary>
    internal bool IsMicrosoftAuthority =>
        AuthorityUri.Host
            is "login.microsoftonline.com"
                or "login.microsoftonline.us"
                or "login.partner.microsoftonline.cn";

    private static string? LowerCaseOf(string? id) => Guid.TryParse(id, out var guid) ? guid.ToString() : id;
}
