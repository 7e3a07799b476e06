using System.CommandLine;
using PresenceHub.Fleet.Commands;

namespace PresenceHub.Fleet.Tests.Commands;

public sealed class HelpTests
{
    [Theory]
    [InlineData("", "presencehub-fleet")]
    [InlineData("run", "--hub")]
    [InlineData("scenarios", "ready scenarios")]
    [InlineData("show", "<name>")]
    [InlineData("schema", "JSON schema")]
    public async Task Help_OfEachCommand_IsPrinted(string command, string part)
    {
        await using var output = new StringWriter();
        var arguments = command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append("--help");

        var code = await FleetCommand
            .Create(TimeProvider.System)
            .Parse([.. arguments])
            .InvokeAsync(new InvocationConfiguration { Output = output }, cancellationToken: CancellationToken.None);

        Assert.Equal(ExitCode.Passed, code);
        Assert.Contains("Usage:", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(part, output.ToString(), StringComparison.Ordinal);
    }
}
