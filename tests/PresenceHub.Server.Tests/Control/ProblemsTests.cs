using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Tests.Control;

public sealed class ProblemsTests
{
    [Theory]
    [InlineData(StatusCodes.Status429TooManyRequests, "1")]
    [InlineData(StatusCodes.Status503ServiceUnavailable, "1")]
    [InlineData(StatusCodes.Status400BadRequest, "")]
    [InlineData(StatusCodes.Status500InternalServerError, "")]
    public async Task Of_StatusThatPasses_SaysWhenToComeBack(int status, string retryAfter)
    {
        Assert.Equal((status, retryAfter), await AnswerAsync(Problems.Of(status)));
        Assert.Equal((status, retryAfter), await AnswerAsync(Problems.Of(status, "why")));
        Assert.Equal((status, retryAfter), await AnswerAsync(Problems.Of(status, "why", "code")));
    }

    [Theory]
    [InlineData(null, "1")]
    [InlineData(0.2, "1")]
    [InlineData(5.0, "5")]
    [InlineData(5.1, "6")]
    public async Task RetryLater_WholeSeconds_AreRoundedUp(double? seconds, string retryAfter)
    {
        var wait = seconds is { } time ? TimeSpan.FromSeconds(time) : (TimeSpan?)null;
        var answer = Problems.RetryLater(StatusCodes.Status503ServiceUnavailable, "why", wait);
        Assert.Equal((StatusCodes.Status503ServiceUnavailable, retryAfter), await AnswerAsync(answer));
        Assert.Equal(
            StatusCodes.Status503ServiceUnavailable,
            Assert.IsAssignableFrom<IStatusCodeHttpResult>(answer).StatusCode
        );
    }

    private static async Task<(int Status, string RetryAfter)> AnswerAsync(IResult answer)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        await answer.ExecuteAsync(context);
        return (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString());
    }
}
