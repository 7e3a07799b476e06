using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

public sealed class NotificationReceiverTests
{
    private static readonly IServiceProvider Services = new ServiceCollection().AddLogging().BuildServiceProvider();

    [Fact]
    public async Task ReceiveAsync_ValidationToken_IsEchoedDecodedAsHarmlessText()
    {
        var response = await ReceiveAsync("", query: "?validationToken=Validation%3A+%3Cscript%3E100%25", contentType: "text/plain");
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
    public async Task ReceiveAsync_WellFormed_IsAcceptedUnverified()
    {
        var queue = CreateQueue();
        var response = await ReceiveAsync("""{"value":[{"subscriptionId":"whatever"}]}""", queue: queue);
        Assert.Equal(StatusCodes.Status202Accepted, response.StatusCode);
        Assert.Empty(BodyOf(response));
        Assert.Single((await queue.TryDequeueAsync(CancellationToken.None))!.Items);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task ReceiveAsync_NotJson_Is415(string? contentType) => await ExpectProblemAsync(415, "{}", contentType: contentType);

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
        Assert.Equal(202, (await ReceiveAsync("""{"value":[]}""".PadRight(2048), options: new() { MaxBodyBytes = 2048 })).StatusCode);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReceiveAsync_BodyTooLong_Is413(bool announced) =>
        await ExpectProblemAsync(413, """{"value":[]}""".PadRight(2049), new() { MaxBodyBytes = 2048 }, announced: announced);

    [Fact]
    public async Task ReceiveAsync_QueueFull_Is503WithRetryAfter()
    {
        var options = new NotificationOptions { QueueCapacity = 1 };
        var queue = CreateQueue(options);
        Assert.Equal(202, (await ReceiveAsync("""{"value":[]}""", options: options, queue: queue)).StatusCode);
        var response = await ReceiveAsync("""{"value":[]}""", options: options, queue: queue);
        Assert.Equal(503, response.StatusCode);
        Assert.Equal("5", response.Headers.RetryAfter);

        await queue.TryDequeueAsync(CancellationToken.None);
        Assert.Equal(202, (await ReceiveAsync("""{"value":[]}""", options: options, queue: queue)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?validationToken=abc")]
    public async Task ReceiveAsync_NotificationsOff_Is404(string query) =>
        Assert.Equal(404, (await ReceiveAsync("""{"value":[]}""", new() { Enabled = false }, query)).StatusCode);

    [Fact]
    public void TryEnqueue_ManyLongBodies_IsBoundedByTheirLength()
    {
        var queue = CreateQueue();
        var batch = new NotificationBatch([], [], 0, 0, 1024 * 1024);
        Assert.Equal(64, Enumerable.Range(0, 100).Count(_ => queue.TryEnqueue(batch)));
    }

    private static async Task<HttpResponse> ExpectProblemAsync(
        int status, string body, NotificationOptions? options = null, string? contentType = "application/json", bool announced = true)
    {
        var response = await ReceiveAsync(body, options, contentType: contentType, announced: announced);
        Assert.Equal(status, response.StatusCode);
        Assert.StartsWith("application/problem+json", response.ContentType, StringComparison.Ordinal);
        Assert.Equal("invalidRequest", JsonDocument.Parse(BodyOf(response)).RootElement.GetProperty("code").GetString());
        return response;
    }

    private static async Task<HttpResponse> ReceiveAsync(
        string body, NotificationOptions? options = null, string query = "", string? contentType = "application/json; charset=utf-8", bool announced = true,
        NotificationQueue? queue = null)
    {
        options ??= new NotificationOptions();
        var bytes = Encoding.UTF8.GetBytes(body);
        var context = new DefaultHttpContext { RequestServices = Services };
        context.Request.Method = "POST";
        context.Request.QueryString = new QueryString(query);
        context.Request.ContentType = contentType;
        context.Request.ContentLength = announced ? bytes.Length : null;
        context.Request.Body = new MemoryStream(bytes);
        context.Response.Body = new MemoryStream();
        var clock = new StoreClock(new StoreKeys(Options.Create(new StoreOptions())), TimeProvider.System);
        await new NotificationReceiver(queue ?? CreateQueue(options), clock, Options.Create(options), TestMetrics.Create(), TimeProvider.System).ReceiveAsync(context);
        return context.Response;
    }

    private static NotificationQueue CreateQueue(NotificationOptions? options = null) => new(Options.Create(options ?? new NotificationOptions()), TestMetrics.Create());

    private static string BodyOf(HttpResponse response) => Encoding.UTF8.GetString(((MemoryStream)response.Body).ToArray());
}
