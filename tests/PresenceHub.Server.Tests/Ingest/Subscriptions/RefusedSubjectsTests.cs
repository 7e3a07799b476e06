using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Subscriptions;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

public sealed class RefusedSubjectsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SubscriptionOptions _options = new();

    [Fact]
    public void Count_RefusalEnds_ChangesWithoutALookup()
    {
        var refused = new RefusedSubjects(Options.Create(_options), _time);
        refused.Add([Ada]);
        _time.Advance(_options.RefusedFor / 2);
        refused.Add([Ben]);
        Assert.Equal(2, refused.Count);

        _time.Advance(_options.RefusedFor / 2);
        Assert.False(refused.Contains(Ada));
        Assert.True(refused.Contains(Ben));
        Assert.Equal(1, refused.Count);
    }

    [Fact]
    public void Count_RefusedSubjectsAreNotLookedUp_DoesNotGrow()
    {
        var refused = new RefusedSubjects(Options.Create(_options), _time);
        refused.Add([Ada, Ben]);
        _time.Advance(_options.RefusedFor);
        Assert.Equal(0, refused.Count);
    }
}
