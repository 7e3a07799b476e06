using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using PresenceHub.Development;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// The embedded store and the emulator. <c>dotnet build</c> puts them into a folder beside the server, and
/// <c>dotnet publish</c> leaves that folder out. Only this type uses PresenceHub.Development, and only inside its
/// methods: a field or an awaited task of such a type would keep this assembly's types from loading without it.
/// </summary>
internal static class DevelopmentServers
{
    private const string AssemblyName = "PresenceHub.Development";
    private const string Folder = "simulation";
    private static readonly Lazy<bool> Included = new(TryLoad);

    /// <summary>Whether this output contains the servers. Check it before any other member.</summary>
    public static bool AreIncluded => Included.Value;

    /// <summary>The assembly that holds the option classes of the emulator.</summary>
    public static Assembly EmulatorOptions => EmulatedGraph.OptionsAssembly;

    /// <summary>Starts the embedded store and makes it the configured Redis.</summary>
    /// <returns>The store, and how to restart it without its data.</returns>
    public static (IDisposable Store, Action Restart) StartStore(ConfigurationManager configuration)
    {
        var store = new EmbeddedStore();
        configuration["Redis:ConnectionString"] = store.ConnectionString;
        return (store, store.Restart);
    }

    /// <summary>Starts the emulator and makes it the configured Graph.</summary>
    public static async Task<(IAsyncDisposable Server, Uri Address, int People)> StartGraphAsync(
        WebApplicationBuilder builder
    )
    {
        var (server, address, rootPem, people) = await EmulatedGraph.StartAsync(builder.Configuration);
        builder.Services.PostConfigure<GraphOptions>(graph => graph.TrustedRootPem = rootPem);
        return (server, address, people);
    }

    private static bool TryLoad()
    {
        var path = Path.Combine(AppContext.BaseDirectory, Folder, $"{AssemblyName}.dll");
        if (File.Exists(path))
        {
            ResolveFrom(new AssemblyDependencyResolver(path));
        }

        try
        {
            // Tests have it beside them, without the folder.
            return Assembly.Load(AssemblyName) is not null;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Assemblies that the server has itself are taken from there; only missing ones are resolved.</summary>
    private static void ResolveFrom(AssemblyDependencyResolver folder)
    {
        // Never unsubscribed: an assembly may be loaded at any time until the process ends.
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            folder.ResolveAssemblyToPath(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            folder.ResolveUnmanagedDllToPath(name) is { } path ? NativeLibrary.Load(path) : 0;
    }
}
