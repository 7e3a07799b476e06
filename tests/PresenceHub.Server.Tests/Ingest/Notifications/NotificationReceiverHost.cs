using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

/// <summary>Posts requests to a <see cref="NotificationReceiver"/>.</summary>
internal static class NotificationReceiverHost
{
    private static readonly IServiceProvider Services = new ServiceCollection().AddLogging().BuildServiceProvider();

    public static readonly WebhookKeys Keys = CreateKeys();
    public static readonly WebhookAddress Address = Keys.CreateAddress();

    /// <summary>The keys of a hub that was upgraded from a version without the segment.</summary>
    public static readonly WebhookKeys Upgraded = CreateKeys(hasFormerSubscriptions: true);

    public static async Task<HttpResponse> ExpectProblemAsync(
        int status,
        string body,
        NotificationOptions? options = null,
        string? contentType = "application/json",
        bool announced = true,
        string code = "invalidRequest"
    )
    {
        var response = await ReceiveAsync(body, options, contentType: contentType, announced: announced);
        Assert.Equal(status, response.StatusCode);
        Assert.StartsWith("application/problem+json", response.ContentType, StringComparison.Ordinal);
        Assert.Equal(code, JsonDocument.Parse(BodyOf(response)).RootElement.GetProperty("code").GetString());
        return response;
    }

    public static async Task<HttpResponse> ReceiveAsync(
        string body,
        NotificationOptions? options = null,
        string query = "",
        string? contentType = "application/json; charset=utf-8",
        bool announced = true,
        NotificationQueue? queue = null,
        string? segment = "",
        WebhookKeys? keys = null,
        Stream? stream = null,
        TimeProvider? time = null,
        NotificationBodies? bodies = null,
        CancellationToken aborted = default
    )
    {
        options ??= new NotificationOptions();
        time ??= TimeProvider.System;
        using var defaultBodies = new NotificationBodies(Options.Create(options), time);
        var registry = new SubscriptionRegistry(null!, RedisFixture.CreateKeys(), time);
        var gate = new NotificationGate(keys ?? Keys, registry, Options.Create(GraphSettings.Create()), time);
        var bytes = Encoding.UTF8.GetBytes(body);
        var context = new DefaultHttpContext { RequestServices = Services };
        context.RequestAborted = aborted;
        context.Request.Method = "POST";
        context.Request.QueryString = new QueryString(query);
        context.Request.ContentType = contentType;
        context.Request.ContentLength = announced && stream is null ? bytes.Length : null;
        context.Request.Body = stream ?? new MemoryStream(bytes);
        context.Request.RouteValues[NotificationReceiver.SegmentName] = segment is "" ? Address.Segment : segment;
        context.Response.Body = new MemoryStream();
        var clock = new StoreClock(
            new StoreKeys(new RedisNames(), Options.Create(new StoreOptions())),
            TimeProvider.System
        );
        await new NotificationReceiver(
            gate,
            bodies ?? defaultBodies,
            queue ?? CreateQueue(options),
            clock,
            Options.Create(options),
            TestMetrics.Create(),
            time
        ).ReceiveAsync(context);
        return context.Response;
    }

    public static string Post(string? clientState, string? tenantId = GraphSettings.TenantId) =>
        JsonSerializer.Serialize(new { value = new[] { Item(clientState, tenantId) } });

    public static object Item(string? clientState, string? tenantId) =>
        new
        {
            subscriptionId = Guid.NewGuid(),
            clientState,
            tenantId,
        };

    public static WebhookKeys CreateKeys(TimeSpan age = default, bool hasFormerSubscriptions = false)
    {
        var keys = new WebhookKeys(TimeProvider.System);
        keys.SetCurrent(WebhookKey.Create(TimeProvider.System.GetUtcNow() - age, hasFormerSubscriptions));
        return keys;
    }

    public static NotificationQueue CreateQueue(NotificationOptions? options = null) =>
        new(Options.Create(options ?? new NotificationOptions()), TestMetrics.Create());

    public static string BodyOf(HttpResponse response) =>
        Encoding.UTF8.GetString(((MemoryStream)response.Body).ToArray());
}
