using System.Net;
using System.Web;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using PresenceHub.Contracts;
using PresenceHub.FunctionalTests.Hubs;
using PresenceHub.FunctionalTests.Ingest;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>What the log never holds, whatever clients send and whatever the operator has set.</summary>
public sealed class LogSecretsTests
{
    private const string Marker = "S3cretM4rker";
    private const string Activity = "Focusing";

    [Fact]
    public async Task Log_EverythingAtTrace_HoldsNeitherQueriesNorSecretsNorPresence()
    {
        await using var tenant = await AccountsTenant.StartAsync();
        await using var server = await tenant.StartHubProcessAsync(
            ("Logging__LogLevel__Default", "Trace"),
            ("Logging__LogLevel__Microsoft", "Trace"),
            ("Logging__Console__LogLevel__Default", "Trace"),
            ("Logging__Console__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics", "Trace"),
            ("Logging__Console__FormatterOptions__IncludeScopes", "true")
        );
        var secrets = new List<string> { Marker, Activity, "access_token=", "validationToken", "code_challenge" };

        var people = await tenant.Emulator.PeopleAsync(3);
        foreach (
            var transport in (HttpTransportType[])
                [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling]
        )
        {
            var (token, _) = await server.SignInAsync();
            secrets.Add(token);
            await using var hub = await ConnectAsync(server, token, transport);
            await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(people));
            await hub.InvokeAsync<PresenceEntry[]>("Get", (string[])[people[0], $"{Guid.NewGuid()}"]);
            await Assert.ThrowsAnyAsync<Exception>(() => hub.InvokeAsync("Nothing", Marker));
            await hub.InvokeAsync("Unwatch", people);
        }

        var (streamToken, _) = await server.SignInAsync();
        secrets.Add(streamToken);
        var query = $"?ids={people[0]}&cursor={Marker}&access_token={streamToken}";
        using (var stream = await EventStreamClient.OpenAsync(server, query, token: ""))
        {
            await stream.FirstAsync("snapshot");
        }

        await using (var client = await WatchingClient.ConnectAsync(server))
        {
            await client.Client.WatchAsync(people);
            using var browser = new AccountsBrowser(server.Address);
            using var signedIn = await browser.SignInAsync();
            var callback = HttpUtility.ParseQueryString((await browser.ConnectAsync(tenant.AccountIds[0])).Query);
            secrets.AddRange([callback["code"]!, callback["state"]!]);
            var link = await browser.CreateLinkAsync();
            secrets.Add(link.Split('/')[^1]);
            await browser.LeaveAsync(tenant.AccountIds[1], link);
            await AccountsTenant.UntilAsync("covered", server, async () => await tenant.CoveredAsync() is 3);
            var subscription = (await tenant.Emulator.SubscriptionsAsync())[0];
            secrets.Add(new Uri(subscription.GetProperty("notificationUrl").GetString()!).Segments[^1]);
            await tenant.Emulator.SetPresenceAsync(people[0], "DoNotDisturb", Activity);
            await client.ShowsAsync(people[0], "DoNotDisturb");
            using var removed = await browser.DeleteAsync(tenant.AccountIds[0], withHeader: true);
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }

        foreach (
            var path in (string[])
                [
                    $"/api/presence?ids={people[0]}&access_token={Marker}",
                    $"/hubs/presence?access_token={Marker}",
                    $"/api/presence/stream?ids={people[0]}&cursor={Marker}&access_token={Marker}",
                    $"/hubs/presence?id={Marker}",
                    $"/admin/accounts/callback?code={Marker}&state={Marker}",
                    $"/admin/accounts/connect/{Marker}",
                    $"/graph/notifications/{Marker}?validationToken={Marker}",
                    $"/nothing/{Marker}?q={Marker}",
                ]
        )
        {
            using var answer = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
            using var posted = await server.Http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(Marker));
        }

        foreach (var request in BrokenRequests.With(Marker))
        {
            await BrokenRequests.SendAsync(server, request);
        }

        // The output is complete when the process has ended.
        await server.StopAsync();

        var log = string.Join('\n', server.Output);
        Assert.Contains("dbug: ", log, StringComparison.Ordinal);
        Assert.Contains("Audit: account.connect", log, StringComparison.Ordinal);
        Assert.All(secrets, Assert.NotEmpty);
        Assert.DoesNotContain(secrets, secret => log.Contains(secret, StringComparison.Ordinal));
    }

    private static async Task<HubConnection> ConnectAsync(HubServer server, string token, HttpTransportType transport)
    {
        var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(server.Address, "/hubs/presence"), transport, options =>
                options.AccessTokenProvider = () => Task.FromResult<string?>(token)
            )
            .Build();
        await hub.StartAsync();
        return hub;
    }
}
