using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PresenceHub.Testing;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>The command line of <c>compare</c>.</summary>
internal sealed record CompareArguments(RunSettings Settings, IReadOnlyList<IBenchmarkCase> Cases, string Results)
{
    private const string Quick = "quick";
    private const int MostRepeats = 100;

    public static bool TryParse(
        string[] args,
        [NotNullWhen(true)] out CompareArguments? arguments,
        [NotNullWhen(false)] out string? problem
    )
    {
        (arguments, problem) = (null, null);
        var names = new List<string>();
        var options = new Dictionary<string, string>
        {
            ["--server"] = HubServer.Assembly,
            ["--results"] = Path.Combine(Path.GetTempPath(), "presencehub-bench"),
        };
        for (var at = 0; at < args.Length; at++)
        {
            if (!args[at].StartsWith("--", StringComparison.Ordinal))
            {
                names.Add(args[at]);
            }
            else if (args[at] is "--server" or "--against" or "--repeats" or "--results" && at + 1 < args.Length)
            {
                options[args[at]] = args[++at];
            }
            else
            {
                problem = $"{args[at]} is no option, or has no value";
                return false;
            }
        }

        problem = Check(names, options);
        if (problem is not null)
        {
            return false;
        }

        var isQuick = names.Remove(Quick);
        var against = options.TryGetValue("--against", out var path) ? Path.GetFullPath(path) : null;
        var settings = new RunSettings(Path.GetFullPath(options["--server"]), against, isQuick);
        if (options.TryGetValue("--repeats", out var repeats))
        {
            settings = settings with { Repeats = int.Parse(repeats, CultureInfo.InvariantCulture) };
        }

        var cases = Comparison.All.Where(benchmark =>
            names.Count is 0 ? !isQuick || benchmark.IsQuick : names.Contains(benchmark.Name)
        );
        arguments = new CompareArguments(settings, [.. cases], options["--results"]);
        return true;
    }

    private static string? Check(List<string> names, Dictionary<string, string> options)
    {
        var known = Comparison.All.Select(benchmark => benchmark.Name).Append(Quick);
        if (names.Except(known).FirstOrDefault() is { } unknown)
        {
            return $"There is no case called {unknown}; there are {string.Join(", ", known)}";
        }

        foreach (var option in new[] { "--server", "--against" })
        {
            if (options.TryGetValue(option, out var path) && !File.Exists(path))
            {
                return $"{option}: {path} does not exist";
            }
        }

        return
            !options.TryGetValue("--repeats", out var repeats)
            || (
                int.TryParse(repeats, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count is >= 1 and <= MostRepeats
            )
            ? null
            : $"--repeats takes a number from 1 to {MostRepeats}";
    }
}
