namespace PresenceHub.Fleet.Commands;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Passed = 0;

    /// <summary>A view was wrong or a rule was broken.</summary>
    public const int Failed = 1;

    /// <summary>The arguments or the scenario are wrong.</summary>
    public const int Usage = 2;

    /// <summary>The run could not start or could not be finished.</summary>
    public const int Incomplete = 3;

    /// <summary>Ended by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
