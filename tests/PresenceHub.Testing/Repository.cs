using System.Reflection;
using System.Runtime.CompilerServices;

namespace PresenceHub.Testing;

internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: the servers under test are built as the tests are.</summary>
    public static string Configuration { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static string FindRoot([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
