using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace PresenceHub.FunctionalTests.Hosting.Balancers;

/// <summary>The routes of the deployment guide for YARP, which routes as ASP.NET Core does.</summary>
public sealed class YarpRouteTests
{
    [Theory]
    [InlineData("/presence/metrics", "presencehub-internal")]
    [InlineData("/presence/Metrics/", "presencehub-internal")]
    [InlineData("/Presence/%6detrics", "presencehub-internal")]
    [InlineData("/presence/x/../metrics", "presencehub-internal")]
    [InlineData("/presence/presence/metrics", "presencehub-internal")]
    [InlineData("/presence/health/ready", "presencehub-internal")]
    [InlineData("/presence/HEALTH/live", "presencehub-internal")]
    [InlineData("/presence/", "presencehub")]
    [InlineData("/presence/hubs/presence", "presencehub")]
    [InlineData("/presence/assets/metrics.js", "presencehub")]
    public async Task Route_OfAPath_IsTheOneOfTheGuide(string path, string expected)
    {
        using var guide = JsonDocument.Parse(
            DeploymentGuide.Blocks("json").Single(block => block.Contains("ReverseProxy", StringComparison.Ordinal))
        );
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        await using var app = builder.Build();
        app.UseRouting();
        var proxy = guide.RootElement.GetProperty("ReverseProxy");
        foreach (var route in proxy.GetProperty("Routes").EnumerateObject())
        {
            var order = route.Value.TryGetProperty("Order", out var set) ? set.GetInt32() : 0;
            var cluster = route.Value.GetProperty("ClusterId").GetString()!;
            app.Map(route.Value.GetProperty("Match").GetProperty("Path").GetString()!, () => cluster).WithOrder(order);
        }

        await app.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler());

        var answer = await http.GetStringAsync(
            new Uri(
                $"{app.Urls.Single()}{path}",
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            )
        );

        Assert.Equal(expected, answer);
        Assert.Empty(
            proxy
                .GetProperty("Clusters")
                .GetProperty("presencehub-internal")
                .GetProperty("Destinations")
                .EnumerateObject()
        );
    }
}
