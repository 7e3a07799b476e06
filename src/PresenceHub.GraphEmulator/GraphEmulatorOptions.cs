using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace PresenceHub.GraphEmulator;

/// <summary>What the emulated tenant looks like and where it listens. Checked when the emulator starts.</summary>
public sealed class GraphEmulatorOptions
{
    public const string SectionName = "Emulator";

    /// <summary>Loopback port to listen on. Default 0: any free port.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>How many people the company has. Default 250.</summary>
    [Range(1, 1_000_000)]
    public int People { get; set; } = 250;

    /// <summary>Decides ids, names, the order of changes and which requests faults hit: the same seed on the same clock
    /// gives the same company. Default 1.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; set; } = 1;

    /// <summary>Mean time between two simulated presence changes in the whole company. Default 1 s; zero: nothing
    /// changes by itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ChangePeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Directory (tenant) id, a GUID.</summary>
    [Required]
    public string TenantId
    {
        get;
        set => field = Guid.TryParse(value, out var id) ? id.ToString() : value;
    } = "7e7a0000-0000-4000-8000-00000000c0de";

    /// <summary>Id of the one registered application, a GUID.</summary>
    [Required]
    public string ClientId
    {
        get;
        set => field = Guid.TryParse(value, out var id) ? id.ToString() : value;
    } = "c11e0000-0000-4000-8000-00000000c0de";

    /// <summary>Secret of the registered application. The default is a development word, not a secret.</summary>
    [Required]
    public string ClientSecret { get; set; } = "development-only";

    /// <summary>Public certificate (PEM) that may sign client assertions in place of the secret. Default:
    /// none.</summary>
    public string? ClientCertificatePem { get; set; }

    /// <summary>Audience of tokens for the hub's own API, which the emulator also issues.</summary>
    [Required]
    public string HubAudience { get; set; } = "api://presence-hub";

    /// <summary>Application roles granted to the registered application, separated by spaces.</summary>
    [Required(AllowEmptyStrings = true)]
    public string ApplicationPermissions { get; set; } = "Presence.Read.All User.Read.All";

    /// <summary>
    /// How long a person's token for the hub's API is valid. Default 0: between 60 and 90 minutes, as Entra draws it. A
    /// few seconds show what clients do when a token expires.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan HubTokenLifetime { get; set; }

    /// <summary>App roles of the hub's API granted to the registered application, separated by spaces. Empty: its
    /// tokens carry no roles.</summary>
    [Required(AllowEmptyStrings = true)]
    public string HubApplicationRoles { get; set; } = "PresenceHub.Watch";

    /// <summary>Delegated permissions consented for <c>.default</c>, separated by spaces.</summary>
    [Required(AllowEmptyStrings = true)]
    public string DelegatedPermissions { get; set; } =
        "Presence.Read Presence.Read.All Presence.ReadWrite User.Read User.ReadBasic.All";

    /// <summary>How many accounts exist to hold presence subscriptions, one each. Default 1; 100,000 subjects need
    /// 154.</summary>
    [Range(1, 2_000)]
    public int ServiceAccounts { get; set; } = 1;

    /// <summary>Mean time from a change to the POST that tells of it. Default 100 ms, where Graph promises less than 10
    /// s on average.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan NotificationLatency { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Most notifications in one POST. Default 100.</summary>
    [Range(1, 1_000)]
    public int NotificationBatchSize { get; set; } = 100;

    /// <summary>Wait before the first retry of a refused POST; doubles up to 15 minutes. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:15:00")]
    public TimeSpan NotificationRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Root certificates (PEM) trusted when notifications are posted, besides the machine's own. Default:
    /// none.</summary>
    public string? NotificationRootPem { get; set; }

    /// <summary>Stand-alone program only: where to write the root (PEM). Default: nowhere; it is served at
    /// <c>/emulator/root.pem</c>.</summary>
    public string? RootCertificatePath { get; set; }

    /// <summary>Stand-alone program only: lets it start in a Production environment. Default false.</summary>
    public bool AllowOutsideDevelopment { get; set; }

    /// <summary>Quotas and rates.</summary>
    [ValidateObjectMembers]
    public GraphEmulatorLimits Limits { get; set; } = new();

    /// <summary>One switch for each behaviour that Graph's documentation leaves open or contradicts.</summary>
    public GraphEmulatorSwitches Switches { get; set; } = new();
}
