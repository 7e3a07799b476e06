using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Tests.Scenarios;

public sealed class DurationConverterTests
{
    [Theory]
    [InlineData("500ms", 0.5, "500ms")]
    [InlineData("30s", 30, "30s")]
    [InlineData("1.5m", 90, "90s")]
    [InlineData("2h", 7200, "2h")]
    [InlineData("0s", 0, "0s")]
    public void TryParse_Duration_IsReadAndWritten(string text, double seconds, string written)
    {
        Assert.True(DurationConverter.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
        Assert.Equal(written, DurationConverter.Format(duration));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("30")]
    [InlineData("-5s")]
    [InlineData("five minutes")]
    [InlineData("99999999999999999h")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(DurationConverter.TryParse(text, out _));
}
