namespace PresenceHub.GraphEmulator.Hosting;

/// <summary>Input and output of the stand-alone program.</summary>
internal static class StandAlone
{
    internal const string Help = $"""
        Graph emulator: Microsoft Graph for presence, and Entra, for one simulated company.

        usage: PresenceHub.GraphEmulator [--NAME VALUE] ...
          --port NUMBER              loopback port to listen on; the default is any free port
          --people NUMBER            how many people the company has; the default is 250
          --seed NUMBER              decides ids, names and the order of changes; the default is 1
          --change-period DURATION   mean time between two presence changes, such as 00:00:05; 0 for no changes
          --service-accounts NUMBER  how many accounts can hold a subscription; the default is 1
          --root-certificate PATH    where to write the root certificate to trust
          {AllowFlag}
                                     starts in a Production environment too
          --Emulator:NAME VALUE      any other setting; docs/emulator.md lists them
          --help, -h                 shows this text
        """;

    private const string AllowFlag = "--allow-outside-development";

    internal static readonly Dictionary<string, string> Shortcuts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--port"] = $"{GraphEmulatorOptions.SectionName}:{nameof(GraphEmulatorOptions.Port)}",
        ["--people"] = $"{GraphEmulatorOptions.SectionName}:{nameof(GraphEmulatorOptions.People)}",
        ["--seed"] = $"{GraphEmulatorOptions.SectionName}:{nameof(GraphEmulatorOptions.Seed)}",
        ["--change-period"] = $"{GraphEmulatorOptions.SectionName}:{nameof(GraphEmulatorOptions.ChangePeriod)}",
        ["--service-accounts"] = $"{GraphEmulatorOptions.SectionName}:{nameof(GraphEmulatorOptions.ServiceAccounts)}",
        ["--root-certificate"] =
            $"{GraphEmulatorOptions.SectionName}:{nameof(GraphEmulatorOptions.RootCertificatePath)}",
    };

    public static GraphEmulatorOptions ReadOptions(string[] args)
    {
        var configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables()
            .AddCommandLine([.. args.Where(arg => arg != AllowFlag)], Shortcuts)
            .Build();
        var options = configuration.GetSection(GraphEmulatorOptions.SectionName).Get<GraphEmulatorOptions>()
            ?? new GraphEmulatorOptions();
        options.AllowOutsideDevelopment |= args.Contains(AllowFlag);
        return options;
    }

    public static string EnvironmentName() =>
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
        ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
        ?? Environments.Development;

    /// <summary>The reason why the program must not start here; null when it may.</summary>
    public static string? Refusal(GraphEmulatorOptions options, string environment) =>
        environment.Equals(Environments.Production, StringComparison.OrdinalIgnoreCase)
        && !options.AllowOutsideDevelopment
            ? $"The Graph emulator gives a token to every caller and does not start in Production. Pass {AllowFlag} if that is what you want."
            : null;

    public static string Describe(GraphEmulatorServer server, GraphEmulatorOptions options)
    {
        return $"""
            Graph emulator   {server.BaseAddress}v1.0   control API {server.BaseAddress}emulator
            Tenant           {options.TenantId}   authority {server.BaseAddress}{options.TenantId}/v2.0
            Client           {options.ClientId}   secret {options.ClientSecret}
            Service account  {server.ServiceAccountId}
            Root certificate {options.RootCertificatePath ?? $"{server.BaseAddress}emulator/root.pem"}
            """;
    }
}
