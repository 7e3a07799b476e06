using System.Text;
using Microsoft.AspNetCore.Http;
using PresenceHub.Server.Ingest.Subscriptions;
using static PresenceHub.Server.Tests.Ingest.Notifications.NotificationReceiverHost;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

/// <summary>The secret segment of the notification URL, and the validation of the URL by Graph.</summary>
public sealed class NotificationUrlTests
{
    [Fact]
    public async Task ReceiveAsync_ValidationToken_IsEchoedAsPlainText()
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
    public async Task ReceiveAsync_NoSegment_IsAcceptedForSixHoursAfterTheUpgrade()
    {
        var post = Post("of the previous version");
        Assert.Equal(202, (await ReceiveAsync(post, segment: null, keys: Upgraded)).StatusCode);
        var keys = CreateKeys(age: WebhookKeys.Overlap, hasFormerSubscriptions: true);
        Assert.Equal(404, (await ReceiveAsync(post, segment: null, keys: keys)).StatusCode);
    }

    [Fact]
    public async Task ReceiveAsync_NoSegmentInANewInstallation_Is404AndTheBodyIsNotRead()
    {
        var body = new MemoryStream(Encoding.UTF8.GetBytes(Post("of the previous version")));
        Assert.Equal(404, (await ReceiveAsync("", segment: null, stream: body)).StatusCode);
        Assert.Equal(0, body.Position);
    }

    [Fact]
    public async Task ReceiveAsync_ValidationTokenWithoutASegment_IsNotEchoed()
    {
        foreach (var keys in new[] { Keys, Upgraded })
        {
            var response = await ReceiveAsync("", query: "?validationToken=abc", segment: null, keys: keys);
            Assert.Equal(404, response.StatusCode);
            Assert.Empty(BodyOf(response));
        }
    }

    [Fact]
    public async Task ReceiveAsync_KeyIsNotReadYet_Is503()
    {
        var response = await ReceiveAsync(Post(Address.ClientState), keys: new WebhookKeys(TimeProvider.System));
        Assert.Equal((503, "5"), (response.StatusCode, response.Headers.RetryAfter.ToString()));
    }
}
