using System.Net.Http.Json;
using System.Text.Json;
using PresenceHub.GraphEmulator;

namespace PresenceHub.Testing;

/// <summary>Turns the knobs of an emulator, on loopback.</summary>
internal sealed class EmulatorControl(Uri address) : IDisposable
{
    private static readonly TimeSpan CoverTimeout = TimeSpan.FromSeconds(20);

#pragma warning disable CA5359 // A test's own emulator on loopback, which makes a certificate at every start.
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } }
    )
    {
        BaseAddress = address,
    };
#pragma warning restore CA5359

    public Uri Address { get; } = address;

    public async Task SetPresenceAsync(string id, string availability, string activity)
    {
        using var response = await _http.PutAsJsonAsync(
            $"/emulator/people/{id}/presence",
            new { availability, activity }
        );
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Ids of the first people of the company.</summary>
    public async Task<string[]> PeopleAsync(int count = 1_000) =>
        [
            .. (await _http.GetFromJsonAsync<JsonElement>($"/emulator/people?count={count}"))
                .EnumerateArray()
                .Select(person => person.GetProperty("id").GetString()!),
        ];

    public async Task<IReadOnlyList<(string Id, string Availability, string Activity)>> PresencesAsync() =>
        [
            .. (await _http.GetFromJsonAsync<JsonElement>("/emulator/people"))
                .EnumerateArray()
                .Select(person =>
                    (
                        person.GetProperty("id").GetString()!,
                        person.GetProperty("availability").GetString()!,
                        person.GetProperty("activity").GetString()!
                    )
                ),
        ];

    /// <summary>Graph answers every read of presence with 503, until <see cref="EndFaultsAsync"/>.</summary>
    public Task FailReadsAsync() => FailAsync(new { operation = "getPresencesByUserId", status = 503 });

    /// <summary>Requests fail as the faults say, until <see cref="EndFaultsAsync"/>.</summary>
    public Task FailAsync(params object[] requests) => SetFaultsAsync(new { requests });

    /// <summary>Graph behaves as the faults say, until <see cref="EndFaultsAsync"/>.</summary>
    public async Task SetFaultsAsync(object faults)
    {
        using var response = await _http.PutAsJsonAsync("/emulator/faults", faults);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
        }
    }

    public async Task EndFaultsAsync()
    {
        using var response = await _http.DeleteAsync(new Uri("/emulator/faults", UriKind.Relative));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>A token for the hub, of the registered application itself.</summary>
    public async Task<string> ApplicationTokenAsync(GraphEmulatorOptions options)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = options.ClientId,
                ["client_secret"] = options.ClientSecret,
                ["scope"] = $"{options.HubAudience}/.default",
            }
        );
        using var answer = await _http.PostAsync(
            new Uri($"/{options.TenantId}/oauth2/v2.0/token", UriKind.Relative),
            form
        );
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    public async Task<(string Availability, string Activity)> PresenceOfAsync(string id)
    {
        var people = await _http.GetFromJsonAsync<JsonElement>("/emulator/people");
        var person = people.EnumerateArray().Single(person => person.GetProperty("id").GetString() == id);
        return (person.GetProperty("availability").GetString()!, person.GetProperty("activity").GetString()!);
    }

    public async Task DeletePersonAsync(string id)
    {
        using var response = await _http.PostAsync(new Uri($"/emulator/people/{id}/delete", UriKind.Relative), null);
        response.EnsureSuccessStatusCode();
    }

    public async Task<string> RootCertificateAsync() => await _http.GetStringAsync("/emulator/root.pem");

    public Task<JsonElement> CountersAsync() => _http.GetFromJsonAsync<JsonElement>("/emulator/counters");

    /// <summary>Requests that have read presence, of all callers.</summary>
    public Task<long> ReadsAsync() => RequestsAsync("getPresencesByUserId");

    /// <summary>Requests of an operation, of all callers.</summary>
    public async Task<long> RequestsAsync(string operation) =>
        (await CountersAsync())
            .GetProperty("callers")
            .EnumerateArray()
            .Sum(caller =>
                caller.GetProperty("requests").TryGetProperty(operation, out var count) ? count.GetInt64() : 0
            );

    public async Task<JsonElement[]> SubscriptionsAsync(CancellationToken cancellationToken = default) =>
        [.. (await _http.GetFromJsonAsync<JsonElement>("/emulator/subscriptions", cancellationToken)).EnumerateArray()];

    /// <summary>Graph refuses the account or application from now on.</summary>
    public async Task RevokeAsync(string id)
    {
        using var response = await _http.PostAsync(new Uri($"/emulator/accounts/{id}/revoke", UriKind.Relative), null);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>A subscription ends without a notification.</summary>
    public async Task EndSubscriptionAsync(string id)
    {
        using var response = await _http.DeleteAsync(new Uri($"/emulator/subscriptions/{id}", UriKind.Relative));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>All subscriptions end without a notification.</summary>
    public async Task EndSubscriptionsAsync()
    {
        foreach (var subscription in await SubscriptionsAsync())
        {
            await EndSubscriptionAsync(subscription.GetProperty("id").GetString()!);
        }
    }

    /// <summary>Waits until a subscription covers all the subjects: from then on their changes are notified.</summary>
    public async Task WaitUntilCoveredAsync(params string[] ids)
    {
        using var timeout = new CancellationTokenSource(CoverTimeout);
        while (true)
        {
            var covered = (await SubscriptionsAsync(timeout.Token))
                .SelectMany(subscription => subscription.GetProperty("ids").EnumerateArray())
                .Select(id => id.GetString())
                .ToHashSet();
            if (ids.All(covered.Contains))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, timeout.Token);
        }
    }

    public void Dispose() => _http.Dispose();
}
