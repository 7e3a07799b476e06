using System.Text;
using Microsoft.AspNetCore.Http;
using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class PresenceRequestReaderTests
{
    [Theory]
    [InlineData("""{"ids":["\ud800"]}""")]
    [InlineData("""{"ids":""")]
    [InlineData("""{"ids":[1]}""")]
    [InlineData("[]")]
    public async Task ReadAsync_Malformed_Is400(string body)
    {
        var (ids, problem) = await ReadAsync(body);
        Assert.Null(ids);
        Assert.Equal(
            StatusCodes.Status400BadRequest,
            Assert.IsAssignableFrom<IStatusCodeHttpResult>(problem).StatusCode
        );
    }

    [Fact]
    public async Task ReadAsync_Ids_AreReadAsSent() =>
        Assert.Equal(["a", "B"], (await ReadAsync("""{"ids":["a","B"]}""")).Ids);

    [Theory]
    [InlineData(999, false)]
    [InlineData(1_000, false)]
    [InlineData(1_001, true)]
    public async Task ReadAsync_LargerThanAllowed_Is413(int bytes, bool isTooLarge)
    {
        const string Envelope = "{\"ids\":[\"\"]}";
        var (ids, problem) = await ReadAsync(Envelope.Insert(9, new string('x', bytes - Envelope.Length)));
        Assert.Equal(isTooLarge, ids is null);
        var status = (problem as IStatusCodeHttpResult)?.StatusCode;
        Assert.Equal(isTooLarge ? StatusCodes.Status413PayloadTooLarge : null, status);
    }

    private static Task<(IReadOnlyList<string?>? Ids, IResult? Problem)> ReadAsync(string body)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return PresenceRequestReader.ReadAsync(context.Request, maxBytes: 1_000, CancellationToken.None);
    }
}
