using System.CommandLine;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Commands;

/// <summary>Commands that show what the tool brings along.</summary>
internal static class ScenarioCommands
{
    public static Command CreateList()
    {
        var command = new Command("scenarios", "List the ready scenarios.");
        command.SetAction(parsed =>
        {
            foreach (var name in ReadyScenarios.Names)
            {
                parsed.InvocationConfiguration.Output.WriteLine($"{name, -8} {ScenarioFile.Load(name).Description}");
            }
        });
        return command;
    }

    public static Command CreateShow()
    {
        var name = new Argument<string>("name") { Description = $"One of {string.Join(", ", ReadyScenarios.Names)}." };
        var command = new Command(
            "show",
            "Print a ready scenario, to start a file of your own from: presencehub-fleet show chat > mine.json"
        )
        {
            name,
        };
        command.SetAction(parsed =>
        {
            if (ReadyScenarios.TryRead(parsed.GetRequiredValue(name)) is { } text)
            {
                parsed.InvocationConfiguration.Output.Write(text);
                return ExitCode.Passed;
            }

            parsed.InvocationConfiguration.Error.WriteLine(
                $"There is no ready scenario of that name: there are {string.Join(", ", ReadyScenarios.Names)}."
            );
            return ExitCode.Usage;
        });
        return command;
    }

    public static Command CreateSchema()
    {
        var command = new Command("schema", "Print the JSON schema of scenario files, for editors.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(ReadyScenarios.Schema));
        return command;
    }
}
