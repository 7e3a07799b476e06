using PresenceHub.Server.Fanout;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Fanout;

public sealed class EntryFragmentTests
{
    [Fact]
    public void Of_SameEntry_IsWrittenOnce()
    {
        var entry = Of(Ada, "Busy", 100, 11);

        Assert.Same(EntryFragment.Of(entry), EntryFragment.Of(entry));
        Assert.Same(entry, EntryFragment.Of(entry).Entry);
    }

    [Fact]
    public void Of_ChangedCopy_IsWrittenAnew()
    {
        var entry = Of(Ada, "Busy", 100, 11);
        EntryFragment.Of(entry);

        var stale = entry with { IsStale = true };

        Assert.Null(stale.Written);
        Assert.Same(stale, EntryFragment.Of(stale).Entry);
    }

    [Fact]
    public void Equals_WrittenOrNot_ComparesTheValueOnly()
    {
        var (written, other) = (Of(Ada, "Busy", 100, 11), Of(Ada, "Busy", 100, 11));
        EntryFragment.Of(written);

        Assert.Equal(other, written);
        Assert.Equal(other.GetHashCode(), written.GetHashCode());
        Assert.NotEqual(other with { ObservedAt = 2_000 }, written);
        Assert.NotEqual(other with { Availability = "Away" }, written);
    }
}
