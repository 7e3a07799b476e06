using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

public sealed class PageAdmissionTests
{
    private readonly PageAdmission _admission = new();

    [Fact]
    public void MayRefresh_SoonAfterAPage_OnlyAFullPage()
    {
        Assert.True(_admission.MayRefresh(TimeSpan.Zero, isFull: false));
        _admission.RecordRefreshes(TimeSpan.Zero);
        Assert.False(_admission.MayRefresh(TimeSpan.Zero, isFull: false));
        Assert.True(_admission.MayRefresh(TimeSpan.Zero, isFull: true));
        Assert.True(_admission.MayRefresh(RefreshPace.Shortest, isFull: false));
    }

    [Fact]
    public void TryFirstRead_AfterAnAnswerWithoutSomeIds_FullPagesArePacedForTenSeconds()
    {
        Assert.True(_admission.TryFirstRead(TimeSpan.Zero, isFull: true));
        Assert.True(_admission.TryFirstRead(TimeSpan.Zero, isFull: true));
        _admission.RecordSecondRead(TimeSpan.Zero, isOfWatched: false);
        Assert.False(_admission.TryFirstRead(TimeSpan.Zero, isFull: true));
        Assert.True(_admission.TryFirstRead(TimeSpan.FromSeconds(10), isFull: true));
        Assert.True(_admission.TryFirstRead(TimeSpan.FromSeconds(10), isFull: true));
    }

    [Fact]
    public void Clear_AfterAnAnswerWithoutSomeIds_FullPagesAreNotPaced()
    {
        Assert.True(_admission.TryFirstRead(TimeSpan.Zero, isFull: true));
        _admission.RecordSecondRead(TimeSpan.Zero, isOfWatched: false);
        _admission.Clear();
        Assert.True(_admission.TryFirstRead(TimeSpan.Zero, isFull: true));
    }

    [Fact]
    public void TryReadUnwatched_OtherPagesWereRead_IsPacedByItself()
    {
        _admission.RecordRefreshes(TimeSpan.Zero);
        Assert.True(_admission.TryFirstRead(TimeSpan.Zero, isFull: false));
        Assert.True(_admission.TryReadUnwatched(TimeSpan.Zero));
        Assert.False(_admission.TryReadUnwatched(TimeSpan.Zero));
    }
}
