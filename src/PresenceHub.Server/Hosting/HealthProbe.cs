using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// <c>--check-health</c>: asks the server of this container whether it is alive, and answers by exit code, because the
/// image has neither a shell nor curl. It does not ask whether the server is ready: an orchestrator would restart every
/// node while Redis is away.
/// </summary>
internal static class HealthProbe
{
    internal const string Argument = "--check-health";
    private const string Path = "/health/live";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static bool IsAskedFor(string[] args) => args.Contains(Argument);

    /// <param name="args">The arguments of the server, if they name its address, and <c>--check-health</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var (isHealthy, answer) = await AskAsync(HubSettings.Read([.. args.Where(arg => arg is not Argument)]));
            Console.WriteLine(answer);
            return isHealthy ? 0 : 1;
        }
        catch (Exception exception)
            when (exception
                    is HttpRequestException
                        or TaskCanceledException
                        or OptionsValidationException
                        or InvalidDataException
            )
        {
            Console.WriteLine(exception.Message);
            return 1;
        }
    }

    /// <summary>Asks the server that was started with these settings.</summary>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    /// <exception cref="TaskCanceledException">It does not answer in time.</exception>
    /// <exception cref="OptionsValidationException">The settings name no address, or one whose port only the server
    /// knows.</exception>
    internal static async Task<(bool IsHealthy, string Answer)> AskAsync(IConfiguration configuration)
    {
        var address = ListenAddress.TryFind(configuration) ?? BindingAddress.Parse(Simulation.DefaultUrl);
        if (address.Port is 0 && !address.IsUnixPipe)
        {
            throw new OptionsValidationException(
                string.Empty,
                typeof(HealthProbe),
                [$"{address} leaves the choice of the port to the server"]
            );
        }

        using var http = new HttpClient(CreateHandler(address)) { Timeout = Timeout };
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(address))
        {
            Headers = { Host = AllowedHost(configuration["AllowedHosts"]) },
        };
        using var response = await http.SendAsync(request);
        return (response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static Uri Url(BindingAddress address) =>
        address.IsUnixPipe
            ? new Uri($"{address.Scheme}://localhost{Path}")
            : new Uri(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{address.Scheme}://{ListenAddress.ReachableHost(address)}:{address.Port}{Path}"
                )
            );

    /// <summary>A host name that the server accepts; null when it accepts any.</summary>
    private static string? AllowedHost(string? allowed)
    {
        var hosts = allowed?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return hosts.Contains("*") ? null : hosts.FirstOrDefault()?.Replace("*", "health", StringComparison.Ordinal);
    }

    private static SocketsHttpHandler CreateHandler(BindingAddress address)
    {
#pragma warning disable CA5359 // It asks this machine, under a name that its certificate need not have.
        var handler = new SocketsHttpHandler
        {
            // The proxy for outgoing requests cannot reach this machine.
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        };
#pragma warning restore CA5359
        if (address.IsUnixPipe)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(address.UnixPipePath), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        return handler;
    }
}
