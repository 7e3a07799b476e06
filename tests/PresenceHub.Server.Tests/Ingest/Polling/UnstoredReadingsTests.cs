using System.Collections.Frozen;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Ingest.Polling;

public sealed class UnstoredReadingsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WatchedSubjects _watched;
    private readonly UnstoredReadings _readings;
    private readonly SubjectId _stranger = new(Guid.NewGuid());

    public UnstoredReadingsTests()
    {
        _watched = new WatchedSubjects(_time);
        _readings = new UnstoredReadings(_watched);
    }

    [Fact]
    public void TakeHeld_LeaseReadAfterTheReading_ReturnsItOnce()
    {
        _watched.Add([_stranger]);
        _readings.Add(Observation.OfUnknownPerson(_stranger, begunAt: 17));
        Assert.Empty(_readings.TakeHeld());

        _time.Advance(TimeSpan.FromSeconds(5));
        _watched.SetHeld(new HashSet<SubjectId> { _stranger }, _watched.Now);
        Assert.Equal([Observation.OfUnknownPerson(_stranger, 17)], _readings.TakeHeld());
        Assert.Empty(_readings.TakeHeld());
    }

    [Fact]
    public void TakeHeld_NoLeaseWasRead_DropsTheReading()
    {
        _watched.Add([_stranger]);
        _readings.Add(Observation.OfUnknownPerson(_stranger, begunAt: 17));
        _time.Advance(TimeSpan.FromSeconds(5));
        _watched.SetHeld(FrozenSet<SubjectId>.Empty, _watched.Now);
        Assert.Empty(_readings.TakeHeld());

        _watched.SetHeld(new HashSet<SubjectId> { _stranger }, _watched.Now);
        Assert.Empty(_readings.TakeHeld());
    }

    [Fact]
    public void Add_SubjectThatIsNotWatched_IsDropped()
    {
        _readings.Add(Observation.OfUnknownPerson(_stranger, begunAt: 17));
        _watched.SetHeld(new HashSet<SubjectId> { _stranger }, _watched.Now);
        Assert.Empty(_readings.TakeHeld());
    }
}
