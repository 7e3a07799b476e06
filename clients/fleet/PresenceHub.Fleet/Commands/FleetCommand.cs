using System.CommandLine;

namespace PresenceHub.Fleet.Commands;

/// <summary>The command line.</summary>
internal static class FleetCommand
{
    private const string Description = """
        Load and correctness tool for fleets of PresenceHub clients.

        It connects thousands of light clients and some real SignalR clients to a hub, lets them watch people,
        measures how late changes arrive, and checks at the end that every client shows what the store holds.

        Try it on this machine (a hub that simulates Graph, with its emulator on a fixed port):
          Emulator__Port=5443 Emulator__ChangePeriod=0 dotnet run --project src/PresenceHub.Server -c Release
          presencehub-fleet run board --hub http://localhost:5080 --emulator https://localhost:5443

        Against your own hub, which changes by itself:
          presencehub-fleet run board --hub https://presence.contoso.com --people ids.txt --token-file tokens.txt
        """;

    public static RootCommand Create(TimeProvider time) =>
        new(Description)
        {
            RunCommand.Create(time),
            ScenarioCommands.CreateList(),
            ScenarioCommands.CreateShow(),
            ScenarioCommands.CreateSchema(),
        };
}
