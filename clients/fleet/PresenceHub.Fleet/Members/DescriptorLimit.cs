using System.Globalization;

namespace PresenceHub.Fleet.Members;

/// <summary>How many files, and with them sockets, the process may open.</summary>
internal static class DescriptorLimit
{
    private const string LimitsFile = "/proc/self/limits";
    private const string LimitName = "Max open files";

    /// <summary>
    /// Descriptors that the tool needs besides one per connection: runtime, files, HTTP, canaries with their
    /// negotiation.
    /// </summary>
    private const int Spare = 300;

    public const string Sentence =
        "This process may open no more files: raise the limit in the shell that starts the tool (ulimit -n 100000), "
        + "or use fewer connections.";

    /// <summary>
    /// Throws when that many connections cannot be open at once. Where the limit is not known, the run finds out.
    /// </summary>
    public static void Check(int connections)
    {
        if (Read() is { } limit && connections + Spare > limit)
        {
            throw new FleetException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{connections:N0} connections need {connections + Spare:N0} open files and this process may "
                        + $"have {limit:N0}: raise the limit in the shell that starts the tool (ulimit -n "
                        + $"{connections + Spare}), or use fewer connections."
                )
            );
        }
    }

    // The runtime has raised the soft limit to the hard one at its start.
    private static long? Read()
    {
        if (!File.Exists(LimitsFile))
        {
            return null;
        }

        var line = File.ReadLines(LimitsFile)
            .FirstOrDefault(candidate => candidate.StartsWith(LimitName, StringComparison.Ordinal));
        var soft = line?[LimitName.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
