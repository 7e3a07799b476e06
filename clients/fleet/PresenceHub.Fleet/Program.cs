using System.CommandLine;
using PresenceHub.Fleet.Commands;

// The tool ends a run by itself on Ctrl-C, so that the partial result is written.
return await FleetCommand
    .Create(TimeProvider.System)
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
