using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace PresenceHub.GraphEmulator;

/// <summary>The emulated tenant and the address of the emulator. Checked when the emulator starts.</summary>
public sealed class GraphEmulatorOptions
{
    public const string SectionName = "Emulator";

    /// <summary>Loopback port to listen on: 0 to 65,535. Default 0: any free port.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>Number of users in the company: 1 to 1,000,000. Default 250.</summary>
    [Range(1, 1_000_000)]
    public int People { get; set; } = 250;

    /// <summary>
    /// Determines ids, names, the order of changes and which requests are hit by faults: 0 or more. The same seed on
    /// the same clock gives the same company. Default 1.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; set; } = 1;

    /// <summary>
    /// Mean time between two simulated presence changes in the whole company: 0 to 1 day. Default 1 s. With zero, no
    /// presence changes by itself.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ChangePeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Directory (tenant) id, a GUID.</summary>
    [Required]
    public string TenantId
    {
        get;
        set => field = Guid.TryParse(value, out var id) ? id.ToString() : value;
    } = "7e7a0000-0000-4000-8000-00000000c0de";

    /// <summary>Id of the only registered application, a GUID.</summary>
    [Required]
    public string ClientId
    {
        get;
        set => field = Guid.TryParse(value, out var id) ? id.ToString() : value;
    } = "c11e0000-0000-4000-8000-00000000c0de";

    /// <summary>Secret of the registered application. The default is public and meant for development.</summary>
    [Required]
    public string ClientSecret { get; set; } = "development-only";

    /// <summary>Certificate (PEM) whose key may sign client assertions in place of the secret. Default: none.</summary>
    public string? ClientCertificatePem { get; set; }

    /// <summary>Audience of tokens for the hub's API, which the emulator issues too.</summary>
    [Required]
    public string HubAudience { get; set; } = "api://presence-hub";

    /// <summary>Application roles granted to the registered application, separated by spaces.</summary>
    [Required(AllowEmptyStrings = true)]
    public string ApplicationPermissions { get; set; } = "Presence.Read.All User.Read.All";

    /// <summary>
    /// Lifetime of a user's token for the hub's API: 0 to 1 day. Default 0: between 60 and 90 minutes at random, as
    /// Entra does. A few seconds show what clients do when a token expires.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan HubTokenLifetime { get; set; }

    /// <summary>
    /// App roles of the hub's API granted to the registered application, separated by spaces. With an empty text, its
    /// tokens carry no roles.
    /// </summary>
    [Required(AllowEmptyStrings = true)]
    public string HubApplicationRoles { get; set; } = "PresenceHub.Watch";

    /// <summary>Delegated permissions consented for <c>.default</c>, separated by spaces.</summary>
    [Required(AllowEmptyStrings = true)]
    public string DelegatedPermissions { get; set; } =
        "Presence.Read Presence.Read.All Presence.ReadWrite User.Read User.ReadBasic.All";

    /// <summary>
    /// Number of accounts that can hold presence subscriptions, one each: 1 to 2,000. Default 1; 100,000 subjects need
    /// 154.
    /// </summary>
    [Range(1, 2_000)]
    public int ServiceAccounts { get; set; } = 1;

    /// <summary>
    /// Mean time from a change to the POST that reports it: 0 to 1 minute. Default 100 ms; Graph promises less than 10
    /// s on average.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan NotificationLatency { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Maximum number of notifications in one POST: 1 to 1,000. Default 100.</summary>
    [Range(1, 1_000)]
    public int NotificationBatchSize { get; set; } = 100;

    /// <summary>
    /// Delay before the first retry of a refused POST: 10 ms to 15 minutes. It doubles up to 15 minutes. Default 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:15:00")]
    public TimeSpan NotificationRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Root certificates (PEM) that are trusted when notifications are posted, in addition to those of the machine.
    /// Default: none.
    /// </summary>
    public string? NotificationRootPem { get; set; }

    /// <summary>
    /// Stand-alone program only: file to which the root certificate (PEM) is written. Default: none; the root is served
    /// at <c>/emulator/root.pem</c>.
    /// </summary>
    public string? RootCertificatePath { get; set; }

    /// <summary>
    /// Stand-alone program only: allows the start in a Production environment. Default false, because anyone can sign
    /// in as anyone.
    /// </summary>
    public bool AllowOutsideDevelopment { get; set; }

    /// <summary>Quotas and rates of the emulated Graph.</summary>
    [ValidateObjectMembers]
    public GraphEmulatorLimits Limits { get; set; } = new();

    /// <summary>One switch for each behaviour that the documentation of Graph leaves open or contradicts.</summary>
    public GraphEmulatorSwitches Switches { get; set; } = new();
}
