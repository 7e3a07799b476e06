using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class PresenceViewTests
{
    private readonly PresenceView _view = new();

    [Fact]
    public void Merge_OlderEntry_IsNotKept()
    {
        Assert.Equal([Wire.A], _view.Merge([Wire.Entry(Wire.A, 2)]));
        Assert.Empty(_view.Merge([Wire.Entry(Wire.A, 1)]));
        Assert.Equal(2, _view.Find(Wire.A)?.Revision);
    }

    [Fact]
    public void Merge_UnchangedSubject_BecomesLiveUnlessTheHubLostIt()
    {
        _view.Merge([Wire.Entry(Wire.A, 1, Freshness.Stale), Wire.Entry(Wire.B, 0, Freshness.Stale)]);

        _view.Merge([], [Wire.A, Wire.B]);

        Assert.Equal(Freshness.Live, _view.Find(Wire.A)?.Freshness);
        Assert.Equal(Freshness.Stale, _view.Find(Wire.B)?.Freshness);
    }

    [Fact]
    public void Remove_KnownAndUnknownIds_ReturnsTheKnownOnes()
    {
        _view.Merge([Wire.Entry(Wire.A, 1)]);
        using var reader = _view.OpenReader(new Signal());

        Assert.Equal([Wire.A], _view.Remove([Wire.A, Wire.B]));
        Assert.Empty(_view.Snapshot());
        Assert.False(reader.TryTake(out _));
    }

    [Fact]
    public void TryTake_DisposedReader_TakesNothing()
    {
        var reader = _view.OpenReader(new Signal());
        _view.Merge([Wire.Entry(Wire.A, 1)]);

        reader.Dispose();

        Assert.False(reader.TryTake(out _));
    }
}
