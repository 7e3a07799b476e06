namespace PresenceHub.Server.Hosting;

/// <summary>
/// <c>--check-health</c>: asks the server of this container whether it is ready, and answers by exit code. The image has neither a shell
/// nor curl that could.
/// </summary>
internal static class HealthProbe
{
    private const string Argument = "--check-health";
    private const string DefaultPort = "8080";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static bool IsAskedFor(string[] args) => args is [Argument];

    public static async Task<int> RunAsync()
    {
        var port = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS")?.Split(';')[0] ?? DefaultPort;
        using var http = new HttpClient(new SocketsHttpHandler()) { Timeout = Timeout };
        try
        {
            using var response = await http.GetAsync(new Uri($"http://localhost:{port}/health/ready"));
            Console.WriteLine(await response.Content.ReadAsStringAsync());
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            Console.WriteLine(exception.Message);
            return 1;
        }
    }
}
