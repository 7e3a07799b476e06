using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

public sealed class NotificationReceiverTests
{
    private static readonly IServiceProvider Services = new ServiceCollection().AddLogging().BuildServiceProvider();

    private static readonly WebhookKeys Keys = CreateKeys();
    private static readonly WebhookAddress Address = Keys.CreateAddress();

    /// <summary>Of a hub that was upgraded from a version without the segment.</summary>
    private static readonly WebhookKeys Upgraded = CreateKeys(hasFormerSubscriptions: true);

    [Fact]
    public async Task ReceiveAsync_ValidationToken_IsEchoedDecodedAsHarmlessText()
    {
        var response = await ReceiveAsync(
            "",
            query: "?validationToken=Validation%3A+%3Cscript%3E100%25",
            contentType: "text/plain"
        );
        Assert.Equal(StatusCodes.Status200OK, response.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", response.ContentType);
        Assert.Equal("Validation: <script>100%", BodyOf(response));
        Assert.Equal("nosniff", response.Headers.XContentTypeOptions);
        Assert.Equal("default-src 'none'", response.Headers.ContentSecurityPolicy);
        Assert.Equal("no-store", response.Headers.CacheControl);
    }

    [Theory]
    [InlineData(0, 400)]
    [InlineData(4096, 200)]
    [InlineData(4097, 400)]
    public async Task ReceiveAsync_LongValidationToken_IsEchoedUpToALimit(int length, int status) =>
        Assert.Equal(status, (await ReceiveAsync("", query: $"?validationToken={new string('a', length)}")).StatusCode);

    [Fact]
    public async Task ReceiveAsync_OfASubscriptionThatThisNodeDoesNotKnowYet_IsQueuedByItsClientState()
    {
        var queue = CreateQueue();
        var response = await ReceiveAsync(Post(Address.ClientState), queue: queue);
        Assert.Equal(StatusCodes.Status202Accepted, response.StatusCode);
        Assert.Empty(BodyOf(response));
        queue.Complete();
        Assert.Single((await queue.TryDequeueAsync(CancellationToken.None))!.Items);
    }

    [Theory]
    [InlineData("forged", GraphSettings.TenantId)]
    [InlineData(null, GraphSettings.TenantId)]
    [InlineData("", null)]
    [InlineData("", "NA")]
    [InlineData("", "11111111-1111-4111-8111-111111111111")]
    public async Task ReceiveAsync_NotAuthentic_IsAnsweredLikeAnyAndNotQueued(string? clientState, string? tenantId)
    {
        var queue = CreateQueue();
        var response = await ReceiveAsync(
            Post(clientState is "" ? Address.ClientState : clientState, tenantId),
            queue: queue
        );
        Assert.Equal(StatusCodes.Status202Accepted, response.StatusCode);
        Assert.Empty(BodyOf(response));
        queue.Complete();
        Assert.Null(await queue.TryDequeueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task ReceiveAsync_NotAuthenticBesideAuthentic_OnlyTheOneIsQueued()
    {
        var queue = CreateQueue();
        var items = new[] { Item("forged", GraphSettings.TenantId), Item(Address.ClientState, GraphSettings.TenantId) };
        await ReceiveAsync(JsonSerializer.Serialize(new { value = items }), queue: queue);
        Assert.Equal(
            Address.ClientState,
            Assert.Single((await queue.TryDequeueAsync(CancellationToken.None))!.Items).ClientState
        );
    }

    [Theory]
    [InlineData("?validationToken=abc")]
    [InlineData("")]
    public async Task ReceiveAsync_OtherSegment_Is404AndTheBodyIsNotRead(string query)
    {
        var body = new MemoryStream(Encoding.UTF8.GetBytes(Post(Address.ClientState)));
        foreach (
            var segment in new[]
            {
                "x",
                Address.Segment + "x",
                Address.Segment[..^1],
                Address.Segment.ToUpperInvariant(),
                Address.Name,
            }
        )
        {
            var response = await ReceiveAsync("", query: query, segment: segment, stream: body);
            Assert.Equal((404, "close"), (response.StatusCode, response.Headers.Connection.ToString()));
        }

        Assert.Equal(0, body.Position);
    }

    [Fact]
    public async Task ReceiveAsync_NoSegment_IsTakenForSixHoursAfterTheUpgrade()
    {
        var post = Post("of the former version");
        Assert.Equal(202, (await ReceiveAsync(post, segment: null, keys: Upgraded)).StatusCode);
        var keys = CreateKeys(age: WebhookKeys.Overlap, hasFormerSubscriptions: true);
        Assert.Equal(404, (await ReceiveAsync(post, segment: null, keys: keys)).StatusCode);
    }

    [Fact]
    public async Task ReceiveAsync_NoSegmentInANewInstallation_Is404AndTheBodyIsNotRead()
    {
        var body = new MemoryStream(Encoding.UTF8.GetBytes(Post("of the former version")));
        Assert.Equal(404, (await ReceiveAsync("", segment: null, stream: body)).StatusCode);
        Assert.Equal(0, body.Position);
    }

    [Fact]
    public async Task ReceiveAsync_ValidationTokenWithoutASegment_IsNeverEchoed()
    {
        foreach (var keys in new[] { Keys, Upgraded })
        {
            var response = await ReceiveAsync("", query: "?validationToken=abc", segment: null, keys: keys);
            Assert.Equal(404, response.StatusCode);
            Assert.Empty(BodyOf(response));
        }
    }

    [Fact]
    public async Task ReceiveAsync_ManySlowBodiesWithoutASegment_DoNotDelayThoseOfGraph()
    {
        var address = Upgraded.CreateAddress();
        using var bodies = new NotificationBodies(Options.Create(new NotificationOptions()), new FakeTimeProvider());
        using var stop = new CancellationTokenSource();
        var slow = Enumerable.Range(0, NotificationBodies.MaxReading + 1).Select(_ => new StalledStream()).ToArray();
        var receiving = slow.Select(body =>
                ReceiveAsync("", segment: null, stream: body, keys: Upgraded, bodies: bodies, aborted: stop.Token)
            )
            .ToArray();
        await Task.WhenAll(slow[..NotificationBodies.MaxReadingOfFormerVersion].Select(body => body.WhenRead))
            .WaitAsync(IngestHost.Patience);

        var response = await ReceiveAsync(
                Post(address.ClientState),
                segment: address.Segment,
                keys: Upgraded,
                bodies: bodies
            )
            .WaitAsync(IngestHost.Patience);

        Assert.Equal(202, response.StatusCode);
        Assert.Equal(NotificationBodies.MaxReadingOfFormerVersion, slow.Count(body => body.WhenRead.IsCompleted));
        await stop.CancelAsync();
        await Record.ExceptionAsync(() => Task.WhenAll(receiving).WaitAsync(IngestHost.Patience));
    }

    /// <summary>Only Redis knows them: so few may cost a look-up that a flood of them harms nothing.</summary>
    [Fact]
    public async Task ReceiveAsync_ManyUnknownWithoutASegment_AreQueuedUpToALimit()
    {
        var queue = CreateQueue();
        var items = Enumerable.Repeat(Item("of the former version", GraphSettings.TenantId), 1000);
        await ReceiveAsync(
            JsonSerializer.Serialize(new { value = items }),
            queue: queue,
            segment: null,
            keys: Upgraded
        );
        Assert.Equal(
            NotificationGate.UnknownPerSecond,
            (await queue.TryDequeueAsync(CancellationToken.None))!.Items.Count
        );
    }

    [Fact]
    public async Task ReceiveAsync_KeyNotKnownYet_Is503()
    {
        var response = await ReceiveAsync(Post(Address.ClientState), keys: new WebhookKeys(TimeProvider.System));
        Assert.Equal((503, "5"), (response.StatusCode, response.Headers.RetryAfter.ToString()));
    }

    [Fact]
    public async Task ReceiveAsync_BodyDoesNotArrive_Is503AndTheConnectionIsClosed()
    {
        var time = new FakeTimeProvider();
        using var body = new StalledStream();
        var receiving = ReceiveAsync("", stream: body, time: time);
        await body.WhenRead.WaitAsync(IngestHost.Patience);
        time.Advance(NotificationBodies.Patience);
        var response = await receiving.WaitAsync(IngestHost.Patience);
        Assert.Equal((503, "close"), (response.StatusCode, response.Headers.Connection.ToString()));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task ReceiveAsync_NotJson_Is415(string? contentType) =>
        await ExpectProblemAsync(415, "{}", contentType: contentType);

    [Theory]
    [InlineData("application/json;charset=\"utf-8\"")]
    [InlineData("Application/JSON; Charset=\"UTF-8\"")]
    [InlineData("application/json; odata.metadata=minimal; CHARSET=utf8")]
    public async Task ReceiveAsync_JsonSpelledOtherwise_IsAccepted(string contentType) =>
        Assert.Equal(202, (await ReceiveAsync("""{"value":[]}""", contentType: contentType)).StatusCode);

    [Fact]
    public async Task ReceiveAsync_BodyWithAByteOrderMark_IsAccepted() =>
        Assert.Equal(202, (await ReceiveAsync("\uFEFF" + """{"value":[]}""")).StatusCode);

    [Fact]
    public async Task ReceiveAsync_Malformed_Is400AndRepeatsNothing()
    {
        var response = await ExpectProblemAsync(400, """{"value":"s3cret"}""");
        Assert.DoesNotContain("s3cret", BodyOf(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReceiveAsync_BodyAtTheLimit_IsAccepted() =>
        Assert.Equal(
            202,
            (await ReceiveAsync("""{"value":[]}""".PadRight(2048), options: new() { MaxBodyBytes = 2048 })).StatusCode
        );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReceiveAsync_BodyTooLong_Is413(bool announced) =>
        await ExpectProblemAsync(
            413,
            """{"value":[]}""".PadRight(2049),
            new() { MaxBodyBytes = 2048 },
            announced: announced,
            code: "limitExceeded"
        );

    [Fact]
    public async Task ReceiveAsync_QueueFull_Is503WithRetryAfter()
    {
        var options = new NotificationOptions { QueueCapacity = 1 };
        var queue = CreateQueue(options);
        var post = Post(Address.ClientState);
        Assert.Equal(202, (await ReceiveAsync(post, options: options, queue: queue)).StatusCode);
        var response = await ReceiveAsync(post, options: options, queue: queue);
        Assert.Equal(503, response.StatusCode);
        Assert.Equal("5", response.Headers.RetryAfter);

        await queue.TryDequeueAsync(CancellationToken.None);
        Assert.Equal(202, (await ReceiveAsync(post, options: options, queue: queue)).StatusCode);
    }

    [Fact]
    public async Task ReceiveAsync_QueueFullAndNotAuthentic_IsAcceptedAndDropped()
    {
        var options = new NotificationOptions { QueueCapacity = 1 };
        var queue = CreateQueue(options);
        await ReceiveAsync(Post(Address.ClientState), options: options, queue: queue);
        Assert.Equal(202, (await ReceiveAsync(Post("forged"), options: options, queue: queue)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?validationToken=abc")]
    public async Task ReceiveAsync_NotificationsOff_Is404(string query) =>
        Assert.Equal(404, (await ReceiveAsync("""{"value":[]}""", new() { Enabled = false }, query)).StatusCode);

    [Fact]
    public void TryEnqueue_ManyLongTexts_IsBoundedByTheirMemory()
    {
        var queue = CreateQueue();
        var content = new EncryptedContent(new string('x', 512 * 1024), null, null, null);
        var batch = new NotificationBatch([new ChangeNotification(null, null, null, null, null, content)], [], 0, 0);
        Assert.Equal(63, Enumerable.Range(0, 100).Count(_ => queue.TryEnqueue(batch)));
    }

    [Fact]
    public void TryEnqueue_ManyEmptyItems_IsBoundedByTheirNumber()
    {
        var queue = CreateQueue(new NotificationOptions { QueueCapacity = 10_000 });
        var items = Enumerable.Repeat(new ChangeNotification(null, null, null, null, null, null), 1000).ToArray();
        var batch = new NotificationBatch(items, [], 0, 0);
        Assert.Equal(NotificationQueue.MaxItems / 1000, Enumerable.Range(0, 100).Count(_ => queue.TryEnqueue(batch)));
    }

    private static async Task<HttpResponse> ExpectProblemAsync(
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

    private static async Task<HttpResponse> ReceiveAsync(
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
        using var ownBodies = new NotificationBodies(Options.Create(options), time);
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
            bodies ?? ownBodies,
            queue ?? CreateQueue(options),
            clock,
            Options.Create(options),
            TestMetrics.Create(),
            time
        ).ReceiveAsync(context);
        return context.Response;
    }

    private static string Post(string? clientState, string? tenantId = GraphSettings.TenantId) =>
        JsonSerializer.Serialize(new { value = new[] { Item(clientState, tenantId) } });

    private static object Item(string? clientState, string? tenantId) =>
        new
        {
            subscriptionId = Guid.NewGuid(),
            clientState,
            tenantId,
        };

    private static WebhookKeys CreateKeys(TimeSpan age = default, bool hasFormerSubscriptions = false)
    {
        var keys = new WebhookKeys(TimeProvider.System);
        keys.SetCurrent(WebhookKey.Create(TimeProvider.System.GetUtcNow() - age, hasFormerSubscriptions));
        return keys;
    }

    private static NotificationQueue CreateQueue(NotificationOptions? options = null) =>
        new(Options.Create(options ?? new NotificationOptions()), TestMetrics.Create());

    private static string BodyOf(HttpResponse response) =>
        Encoding.UTF8.GetString(((MemoryStream)response.Body).ToArray());
}
