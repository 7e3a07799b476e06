using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed partial class KnownValueTests
{
    [Theory]
    [InlineData(typeof(KnownAvailability), "Availability")]
    [InlineData(typeof(KnownActivity), "Activity")]
    public void Constants_OfThisClient_AreThoseOfTheTypeScriptClient(Type constants, string type)
    {
        var source = File.ReadAllText(PathOf("clients/typescript/src/presenceValues.ts"));
        var start = source.IndexOf($"export type {type} =", StringComparison.Ordinal);
        var declaration = source[start..source.IndexOf(';', start)];
        var values = constants.GetFields(BindingFlags.Public | BindingFlags.Static);

        Assert.All(values, value => Assert.Equal(value.Name, value.GetRawConstantValue()));
        Assert.Equal(
            Text().Matches(declaration).Select(match => match.Groups[1].Value),
            values.Select(value => value.Name)
        );
    }

    private static string PathOf(string file, [CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", file));

    [GeneratedRegex("\"([A-Za-z]+)\"")]
    private static partial Regex Text();
}
