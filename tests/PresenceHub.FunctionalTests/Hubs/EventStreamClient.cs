using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>A client of the event stream, and every event that it got.</summary>
internal sealed class EventStreamClient : IDisposable
{
    private readonly HttpResponseMessage _response;

    private EventStreamClient(HttpResponseMessage response)
    {
        _response = response;
        Ended = ReadAsync();
    }

    public HttpResponseHeaders Headers => _response.Headers;

    public Signals<StreamEvent> Events { get; } = new();

    /// <summary>Completes when the server has ended the stream; fails when it breaks.</summary>
    public Task Ended { get; }

    /// <summary>Returns when the server has sent its headers.</summary>
    /// <param name="token">The token in the header: null stands for one of a new watcher, empty for none.</param>
    public static async Task<EventStreamClient> OpenAsync(
        HubServer server,
        string query,
        string? token = null,
        string? lastEventId = null
    )
    {
        token ??= (await server.SignInAsync()).AccessToken;
        var response = await SendAsync(server, query, token, lastEventId);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        response.EnsureSuccessStatusCode();
        return new EventStreamClient(response);
    }

    /// <summary>Returns when the server has sent its headers, whatever the status is.</summary>
    public static Task<HttpResponseMessage> SendAsync(
        HubServer server,
        string query,
        string? token,
        string? lastEventId = null
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/presence/stream{query}");
        request.Headers.Authorization = string.IsNullOrEmpty(token)
            ? null
            : new AuthenticationHeaderValue("Bearer", token);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<StreamEvent> FirstAsync(string name) => Events.FirstAsync(heard => heard.Name == name);

    /// <summary>The activity that the last event of a person has; null when there is none.</summary>
    public string? ActivityOf(string id) =>
        Events.All.Select(heard => heard.ActivityOf(id)).OfType<string>().LastOrDefault();

    public void Dispose() => _response.Dispose();

    private async Task ReadAsync()
    {
        await using var stream = await _response.Content.ReadAsStreamAsync();
        var events = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<JsonElement>(data));
        await foreach (var heard in events.EnumerateAsync())
        {
            Events.Add(
                new StreamEvent(
                    Events.All.Count,
                    heard.EventType,
                    heard.EventId,
                    heard.ReconnectionInterval,
                    heard.Data
                )
            );
        }
    }
}
