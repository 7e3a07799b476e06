using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using static PresenceHub.Server.Tests.Ingest.Notifications.NotificationReceiverHost;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

/// <summary>The body of a POST: its type, form, length and speed.</summary>
public sealed class NotificationBodyTests
{
    [Fact]
    public async Task ReceiveAsync_ManySlowBodiesWithoutASegment_DoNotDelayPostsOfGraph()
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

    [Fact]
    public async Task ReceiveAsync_BodyDoesNotArrive_Is503AndTheConnectionIsClosed()
    {
        var time = new FakeTimeProvider();
        using var body = new StalledStream();
        var receiving = ReceiveAsync("", stream: body, time: time);
        await body.WhenRead.WaitAsync(IngestHost.Patience);
        time.Advance(NotificationBodies.ReadTimeout);
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
    public async Task ReceiveAsync_JsonInAnotherSpelling_IsAccepted(string contentType) =>
        Assert.Equal(202, (await ReceiveAsync("""{"value":[]}""", contentType: contentType)).StatusCode);

    [Fact]
    public async Task ReceiveAsync_BodyWithAByteOrderMark_IsAccepted() =>
        Assert.Equal(202, (await ReceiveAsync("\uFEFF" + """{"value":[]}""")).StatusCode);

    [Fact]
    public async Task ReceiveAsync_MalformedBody_Is400WithoutItsContent()
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
}
