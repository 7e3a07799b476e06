using System.Reflection;
using System.Runtime.Loader;

namespace PresenceHub.Benchmarks.Systems;

/// <summary>Loads the hub's own assemblies from the directory of a server, and everything else as usual.</summary>
internal sealed class ServerLoadContext(string serverAssembly) : AssemblyLoadContext(nameof(ServerLoadContext))
{
    private const string OwnPrefix = "PresenceHub.";

    private readonly string _directory = Path.GetDirectoryName(Path.GetFullPath(serverAssembly))!;

    /// <summary>Runs a static method of this program on the server of the given assembly, with one argument.</summary>
    public static async Task RunAsync(string serverAssembly, Type type, string method, string argument)
    {
        var program = new ServerLoadContext(serverAssembly).LoadFromAssemblyPath(type.Assembly.Location);
        await (Task)program.GetType(type.FullName!)!.GetMethod(method)!.Invoke(null, [argument])!;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name?.StartsWith(OwnPrefix, StringComparison.Ordinal) is not true)
        {
            return null;
        }

        var path = Path.Combine(_directory, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
