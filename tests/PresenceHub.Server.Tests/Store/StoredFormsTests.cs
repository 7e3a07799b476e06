using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Store;

public sealed class StoredFormsTests
{
    private const string Header = "1\t100\t7\t12345\n";
    private const string Line = "11111111-1111-1111-1111-111111111111\tBusy\tInACall\t10\t20\t30";

    [Fact]
    public void ChangeMessage_AsTheScriptWritesIt_IsRead()
    {
        Assert.True(ChangeMessage.TryParse(Header + Line, out var message));

        Assert.Equal(new PartitionPosition(100, 7, 12345), message!.Position);
        Assert.Equal(new StoredEntry(Ada, "Busy", "InACall", 10, 20, 100, 30), Assert.Single(message.Entries));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1\t100\t7\t12345")]
    [InlineData("2\t100\t7\t12345\n" + Line)]
    [InlineData("1\t100\t7\n" + Line)]
    [InlineData("1\t100\tx\t12345\n" + Line)]
    [InlineData(Header)]
    [InlineData(Header + "not-an-id\tBusy\tBusy\t1\t2\t3")]
    [InlineData(Header + "11111111-1111-1111-1111-111111111111\tBusy\tBusy\t1\t2")]
    [InlineData(Header + "11111111-1111-1111-1111-111111111111\tBusy\tBusy\t1\t2\t3\t4")]
    [InlineData(Header + "11111111-1111-1111-1111-111111111111\tBusy\tBusy\t1\t2\t-3")]
    [InlineData(Header + Line + "\n")]
    public void ChangeMessage_OfAnotherForm_IsRefused(string text) => Assert.False(ChangeMessage.TryParse(text, out _));

    [Theory]
    [InlineData("12-34")]
    [InlineData("0-0")]
    public void Cursor_RoundTrips(string text)
    {
        Assert.True(Cursor.TryParse(text, out var cursor));
        Assert.Equal(text, cursor.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("12")]
    [InlineData("12-")]
    [InlineData("a-1")]
    [InlineData("1--1")]
    [InlineData("1-99999999999999999999999")]
    public void Cursor_Garbage_IsRefused(string? text) => Assert.False(Cursor.TryParse(text, out _));

    [Fact]
    public void Cursor_Precedes_LaterRevisionsAndLaterEpochs()
    {
        var cursor = new Cursor(Epoch: 100, Time: 500);

        Assert.True(cursor.Precedes(Of(Ada, "Busy", 100, 501)));
        Assert.False(cursor.Precedes(Of(Ada, "Busy", 100, 500)));
        Assert.True(cursor.Precedes(Of(Ada, "Busy", 101, 400)));
    }

    [Fact]
    public void Cursor_EpochOfAServerWhoseClockIsBehind_IsNotHiddenByALaterOneElsewhere()
    {
        var cursor = new Cursor(Epoch: 900, Time: 500);

        Assert.True(cursor.Precedes(Of(Ada, "Busy", 600, 400)));
        Assert.False(cursor.Precedes(Of(Ada, "Busy", 500, 400)));
    }

    [Theory]
    [InlineData("Available", true)]
    [InlineData("SomethingNew", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("Busy\tAway", false)]
    [InlineData("Busy\n", false)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", false)]
    public void Observation_IsToken(string? text, bool expected) => Assert.Equal(expected, Observation.IsToken(text));

    [Theory]
    [InlineData("11111111-1111-1111-1111-111111111111", true)]
    [InlineData("ABCDEFAB-1111-1111-1111-111111111111", true)]
    [InlineData("{11111111-1111-1111-1111-111111111111}", false)]
    [InlineData("11111111111111111111111111111111", false)]
    [InlineData(" 1111111-1111-1111-1111-111111111111", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void SubjectId_TryParse_TakesTheDashedFormOnly(string? text, bool expected) =>
        Assert.Equal(expected, SubjectId.TryParse(text, out _));
}
