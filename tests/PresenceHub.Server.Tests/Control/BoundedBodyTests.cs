using Microsoft.AspNetCore.Http;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Tests.Control;

public sealed class BoundedBodyTests
{
    private const int MaxBytes = 10_000;

    [Theory]
    [InlineData(0, true)]
    [InlineData(MaxBytes, true)]
    [InlineData(MaxBytes + 1, false)]
    [InlineData(10 * MaxBytes, false)]
    public async Task TryReadAsync_UnknownLength_ReadsUpToTheLimit(int length, bool isRead)
    {
        var (request, body) = RequestWith(length);
        var read = await BoundedBody.TryReadAsync(request, MaxBytes, CancellationToken.None);
        Assert.Equal(isRead ? body.ToArray() : null, read?.ToArray());
        Assert.InRange(body.Position, 0, MaxBytes + 4096);
    }

    [Fact]
    public async Task TryReadAsync_AnnouncesALongerLength_ReadsNothing()
    {
        var (request, body) = RequestWith(MaxBytes + 1);
        request.ContentLength = body.Length;
        Assert.Null(await BoundedBody.TryReadAsync(request, MaxBytes, CancellationToken.None));
        Assert.Equal(0, body.Position);
    }

    private static (HttpRequest Request, MemoryStream Body) RequestWith(int length)
    {
        var body = new MemoryStream([.. Enumerable.Range(0, length).Select(i => (byte)i)]);
        var context = new DefaultHttpContext();
        context.Request.Body = body;
        return (context.Request, body);
    }
}
