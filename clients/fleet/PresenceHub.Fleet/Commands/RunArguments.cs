using System.CommandLine;
using PresenceHub.Fleet.Runs;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Commands;

/// <summary>The arguments of <c>run</c>: the hubs, the tokens, the people, and what differs from the
/// scenario.</summary>
internal sealed class RunArguments
{
    private readonly Argument<string> _scenario = new("scenario")
    {
        Description = $"A ready scenario ({string.Join(", ", ReadyScenarios.Names)}) or the path of a scenario file.",
        DefaultValueFactory = _ => "board",
    };

    private readonly Option<Uri[]> _hubs = new("--hub", "-u")
    {
        Description = "Base address of the hub. Repeat it for several nodes: connections take turns.",
        DefaultValueFactory = _ => [new Uri("http://localhost:5080")],
        CustomParser = AddressParser.ReadAll,
        HelpName = "URL",
    };

    private readonly Option<Uri?> _emulator = new("--emulator")
    {
        Description =
            "Address of the Graph emulator's control API. With it the tool makes the changes of the scenario "
            + "and compares the store with Graph; without it the hub is observed.",
        CustomParser = AddressParser.ReadOne,
        HelpName = "URL",
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = "Access tokens, one a line, one for each group of connections.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _tokenCommand = new("--token-command")
    {
        Description =
            "A shell command that prints an access token; FLEET_IDENTITY holds the number of the identity. "
            + "It is run again when a token expires.",
        HelpName = "COMMAND",
    };

    private readonly Option<string?> _people = new("--people")
    {
        Description =
            "People to watch, one object id a line, optionally a comma and the department. Needed unless the hub "
            + "simulates Graph.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _connections = new("--connections", "-n")
    {
        Description = "Light connections.",
        HelpName = "N",
    };

    private readonly Option<int?> _subjects = new("--subjects", "-w")
    {
        Description = "People that each connection watches.",
        HelpName = "N",
    };

    private readonly Option<TimeSpan?> _duration = new("--duration", "-d")
    {
        Description = "Measured time, such as 30s, 5m or 1h.",
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (DurationConverter.TryParse(result.Tokens[0].Value, out var duration))
            {
                return duration;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no time: write 500ms, 30s, 5m or 1h.");
            return null;
        },
    };

    private readonly Option<double?> _ramp = new("--ramp")
    {
        Description = "Connections started per second; 0 starts all at once.",
        HelpName = "RATE",
    };

    private readonly Option<ProtocolChoice?> _protocol = new("--protocol")
    {
        Description = "Hub protocol of the light connections.",
    };

    private readonly Option<double?> _changes = new("--changes")
    {
        Description = "Changes per second to make through the emulator.",
        HelpName = "RATE",
    };

    private readonly Option<int?> _burst = new("--burst")
    {
        Description = "Changes that happen at the same moment.",
        HelpName = "N",
    };

    private readonly Option<int?> _canaries = new("--canaries")
    {
        Description = "Real SignalR clients beside the light connections.",
        HelpName = "N",
    };

    private readonly Option<int?> _perToken = new("--connections-per-token")
    {
        Description = "Connections that share one token. The hub allows 10 per watcher and node by default.",
        HelpName = "N",
    };

    private readonly Option<int[]> _serverPids = new("--server-pid")
    {
        Description = "Process of the server on this machine, to record its CPU and memory. Repeat it for several.",
        DefaultValueFactory = _ => [],
        HelpName = "PID",
    };

    private readonly Option<int[]> _redisPids = new("--redis-pid")
    {
        Description = "Process of Redis on this machine.",
        DefaultValueFactory = _ => [],
        HelpName = "PID",
    };

    private readonly Option<Uri[]> _metrics = new("--metrics")
    {
        Description = "Address of a node's /metrics, to record CPU and memory of a server elsewhere.",
        DefaultValueFactory = _ => [],
        CustomParser = AddressParser.ReadAll,
        HelpName = "URL",
    };

    private readonly Option<bool> _trust = new("--trust-any-certificate")
    {
        Description = "Accept any TLS certificate of the hub. For test machines only.",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Directory for result.json and report.html.",
        DefaultValueFactory = _ => "fleet-result",
        HelpName = "DIRECTORY",
    };

    private readonly Option<bool> _plain = new("--plain")
    {
        Description = "Lines instead of a live table, also in a terminal.",
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_scenario);
        Option[] options =
        [
            _hubs,
            _emulator,
            _tokenFile,
            _tokenCommand,
            _people,
            _connections,
            _subjects,
            _duration,
            _ramp,
            _protocol,
            _changes,
            _burst,
            _canaries,
            _perToken,
            _serverPids,
            _redisPids,
            _metrics,
            _trust,
            _output,
            _plain,
        ];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    public string Output(ParseResult parsed) => parsed.GetRequiredValue(_output);

    public bool IsPlain(ParseResult parsed) => parsed.GetValue(_plain);

    /// <summary>The scenario with what the command line changes in it, and where to run it.</summary>
    public RunOptions Read(ParseResult parsed)
    {
        var source = parsed.GetRequiredValue(_scenario);
        var scenario = Adjust(ScenarioFile.Load(source), parsed);
        ScenarioRules.Check(scenario, source);
        if (parsed.GetValue(_tokenFile) is not null && parsed.GetValue(_tokenCommand) is not null)
        {
            throw new FleetException(
                "Tokens come from --token-file or from --token-command, not from both: leave one out."
            );
        }

        return new RunOptions(scenario, parsed.GetRequiredValue(_hubs))
        {
            Emulator = parsed.GetValue(_emulator),
            TokenFile = parsed.GetValue(_tokenFile),
            TokenCommand = parsed.GetValue(_tokenCommand),
            PeopleFile = parsed.GetValue(_people),
            ServerProcesses = parsed.GetRequiredValue(_serverPids),
            RedisProcesses = parsed.GetRequiredValue(_redisPids),
            Metrics = parsed.GetRequiredValue(_metrics),
            TrustAnyCertificate = parsed.GetValue(_trust),
        };
    }

    private Scenario Adjust(Scenario scenario, ParseResult parsed)
    {
        var changes = scenario.Changes;
        if (parsed.GetValue(_changes) is { } rate)
        {
            changes = rate is 0 ? null : (changes ?? new ChangePlan()) with { PerSecond = rate };
        }

        if (parsed.GetValue(_burst) is { } burst && changes is not null)
        {
            changes = changes with { Burst = burst };
        }

        return scenario with
        {
            Connections = parsed.GetValue(_connections) ?? scenario.Connections,
            Watch = scenario.Watch with { Subjects = parsed.GetValue(_subjects) ?? scenario.Watch.Subjects },
            Duration = parsed.GetValue(_duration) ?? scenario.Duration,
            Ramp = scenario.Ramp with { PerSecond = parsed.GetValue(_ramp) ?? scenario.Ramp.PerSecond },
            Protocol = parsed.GetValue(_protocol) ?? scenario.Protocol,
            Canaries = parsed.GetValue(_canaries) ?? scenario.Canaries,
            ConnectionsPerToken = parsed.GetValue(_perToken) ?? scenario.ConnectionsPerToken,
            Changes = changes,
        };
    }
}
