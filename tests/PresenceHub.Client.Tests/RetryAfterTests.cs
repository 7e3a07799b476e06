using System.Net;

namespace PresenceHub.Client.Tests;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("120", 120.0)]
    [InlineData(" 0.25 ", 0.25)]
    [InlineData("99999999999", 600.0)]
    [InlineData("Fri, 27 Nov 2026 12:00:30 GMT", 30.0)]
    [InlineData("Fri, 27 Nov 2026 11:00:00 GMT", null)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public void OfAnswer_Header_IsRead(string? header, double? seconds) =>
        Assert.Equal(seconds, RetryAfter.OfAnswer(HttpStatusCode.ServiceUnavailable, header, Noon)?.TotalSeconds);

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, true)]
    [InlineData(HttpStatusCode.OK, false)]
    [InlineData(HttpStatusCode.Unauthorized, false)]
    public void OfAnswer_Status_DecidesWhetherItIsARefusal(HttpStatusCode status, bool isRefusal) =>
        Assert.Equal(isRefusal, RetryAfter.OfAnswer(status, "1", Noon) is not null);
}
