using PresenceHub.Fleet.Driving;

namespace PresenceHub.Fleet.Tests.Driving;

public sealed class ChangeLogTests
{
    [Fact]
    public void Add_ManyChanges_KeepsEachOnesIntendedTime()
    {
        var log = new ChangeLog(2);

        for (var at = 0; at < 100; at++)
        {
            Assert.Equal(at, log.Add(1, 1000 + at));
        }

        Assert.Equal((100, 1099), (log.Total, log.LastIntended));
        Assert.Equal((-1, 99), (log.LastOf(0), log.LastOf(1)));
        Assert.Equal([1000, 1042, 1099], new[] { 0, 42, 99 }.Select(ordinal => log.IntendedOf(1, ordinal)!.Value));
        Assert.All(new[] { -1, 100 }, ordinal => Assert.Null(log.IntendedOf(1, ordinal)));
        Assert.Null(log.IntendedOf(0, 0));
    }
}
