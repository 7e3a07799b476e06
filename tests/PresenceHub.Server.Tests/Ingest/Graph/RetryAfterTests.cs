using System.Net;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("10", 10)]
    [InlineData("2.128", 2.128)]
    [InlineData("0", 0)]
    [InlineData("Mon, 23 Nov 2026 10:00:07 GMT", 7)]
    [InlineData("Mon, 23 Nov 2026 09:00:00 GMT", 0)]
    [InlineData("999999999", 600)]
    public void Read_WellFormed_IsTheWait(string value, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Read(ResponseWith(value), Now));

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("1e9")]
    [InlineData("")]
    public void Read_Malformed_IsNone(string value) => Assert.Null(RetryAfter.Read(ResponseWith(value), Now));

    [Fact]
    public void Read_Absent_IsNone()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        Assert.Null(RetryAfter.Read(response, Now));
    }

    [Fact]
    public void Read_DateFromAServerWithAnotherClock_IsRelativeToItsOwnDate()
    {
        var response = ResponseWith("Mon, 23 Nov 2026 10:10:05 GMT");
        response.Headers.Date = Now.AddMinutes(10);
        Assert.Equal(TimeSpan.FromSeconds(5), RetryAfter.Read(response, Now));
    }

    private static HttpResponseMessage ResponseWith(string value)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("Retry-After", value);
        return response;
    }
}
