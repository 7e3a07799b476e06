namespace PresenceHub.Server.Ingest.Graph;

internal sealed class GraphOptions
{
    public const string SectionName = "Graph";
    private const string GlobalService = "https://graph.microsoft.com/v1.0";
    internal const string GlobalAuthority = "https://login.microsoftonline.com";

    /// <summary>Microsoft Graph or the emulator.</summary>
    public GraphMode? Mode { get; set; }

    /// <summary>Root of the API, ending in <c>/v1.0</c>. Default in Tenant mode: Microsoft's global service.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>Where tokens come from. Default in Tenant mode: Microsoft's global authority.</summary>
    public string? AuthorityHost { get; set; }

    /// <summary>Directory (tenant) id. Kept in lower case, as tokens carry it.</summary>
    public string? TenantId
    {
        get;
        set => field = LowerCaseOf(value);
    }

    /// <summary>Application (client) id. Kept in lower case, as tokens carry it.</summary>
    public string? ClientId
    {
        get;
        set => field = LowerCaseOf(value);
    }

    /// <summary>Secret of the application; or <see cref="ClientCertificatePath"/>.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>PFX or PEM file with the application's certificate and its private key.</summary>
    public string? ClientCertificatePath { get; set; }

    /// <summary>PEM file with roots that are trusted in addition to the machine's, for Graph and the
    /// authority.</summary>
    public string? TrustedRootPath { get; set; }

    /// <summary>Public base URL of the hub, where Graph posts notifications.</summary>
    public string? NotificationUrl { get; set; }

    /// <summary>Delegated accounts that hold subscriptions, besides those that an administrator connects. Without any,
    /// presence is only polled.</summary>
    public IList<GraphAccount> Accounts { get; } = [];

    /// <summary>What Graph allows the application in the tenant. Its pages name 1,500 and 10,000 for presence; the
    /// smaller one is safe.</summary>
    public int RequestsPer30Seconds { get; set; } = 1500;

    /// <summary>How much of that the hub takes, since other parts of the same application may call Graph too.</summary>
    public double BudgetShare { get; set; } = 0.8;

    /// <summary>Like <see cref="TrustedRootPath"/>, from a server in this process.</summary>
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
