using System.Text;
using PresenceHub.Fleet.Driving;

namespace PresenceHub.Fleet.Tests.Driving;

public sealed class ChangeTokenTests
{
    private readonly ChangeToken _token = new(new Random(1));

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    [InlineData(26)]
    [InlineData(12_345_678)]
    [InlineData(int.MaxValue)]
    public void Read_WhatWasWritten_IsTheSameNumber(int ordinal)
    {
        var activity = _token.Write(ordinal);

        Assert.NotEmpty(activity);
        Assert.All(activity, letter => Assert.True(char.IsAsciiLetter(letter)));
        Assert.Equal(ordinal, _token.Read(Encoding.ASCII.GetBytes(activity)));
    }

    [Theory]
    [InlineData("InACall")]
    [InlineData("Fleet")]
    [InlineData("")]
    public void Read_AnotherActivity_IsNone(string activity) =>
        Assert.Equal(-1, _token.Read(Encoding.ASCII.GetBytes(activity)));

    [Fact]
    public void Read_ChangeOfAnotherRun_IsNone() =>
        Assert.Equal(-1, _token.Read(Encoding.ASCII.GetBytes(new ChangeToken(new Random(2)).Write(3))));

    [Fact]
    public void Read_NumberThatIsTooLarge_IsNone() =>
        Assert.Equal(-1, _token.Read(Encoding.ASCII.GetBytes(_token.Write(0) + new string('z', 12))));
}
