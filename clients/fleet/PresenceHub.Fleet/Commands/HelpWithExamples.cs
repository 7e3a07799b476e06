using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace PresenceHub.Fleet.Commands;

/// <summary>The usual help, and behind it a text that would be too long for a list of commands.</summary>
internal sealed class HelpWithExamples(string text) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = new HelpAction().Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(text);
        return code;
    }
}
