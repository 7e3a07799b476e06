using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

public sealed class WebhookKeysTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    private readonly WebhookKeys _keys;

    public WebhookKeysTests() => _keys = new WebhookKeys(_time);

    [Fact]
    public void IsSegment_NoKeyYet_IsFalse() => Assert.False(_keys.IsSegment(WebhookKey.Create(default).SegmentOf(1)));

    [Fact]
    public void CreateAddress_EveryDay_HasAnotherSegment()
    {
        SetKey();
        var first = _keys.CreateAddress();
        Assert.Equal(first.Segment, _keys.CreateAddress().Segment);
        _time.Advance(WebhookKeys.RotationPeriod);
        var second = _keys.CreateAddress();
        Assert.NotEqual(first.Segment, second.Segment);
        Assert.NotEqual(first.Name, second.Name);
    }

    [Fact]
    public void IsSegment_PreviousSegment_IsTrueAsLongAsGraphMayPostToIt()
    {
        SetKey();
        _time.SetUtcNow(new DateTimeOffset(2026, 11, 23, 23, 59, 59, TimeSpan.Zero));
        var former = _keys.CreateAddress().Segment;
        _time.Advance(WebhookKeys.Overlap);
        Assert.NotEqual(former, _keys.CreateAddress().Segment);
        Assert.True(_keys.IsSegment(former));
        Assert.True(_keys.IsSegment(_keys.CreateAddress().Segment));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(_keys.IsSegment(former));
        Assert.True(_keys.IsSegment(_keys.CreateAddress().Segment));
    }

    [Fact]
    public void IsSegment_ClockOfAnotherNodeIsAhead_IsTrue()
    {
        var key = SetKey();
        _time.SetUtcNow(new DateTimeOffset(2026, 11, 23, 23, 51, 0, TimeSpan.Zero));
        var ahead = new WebhookKeys(new FakeTimeProvider(_time.GetUtcNow() + TimeSpan.FromMinutes(10)));
        ahead.SetCurrent(key);
        Assert.True(_keys.IsSegment(ahead.CreateAddress().Segment));
    }

    [Fact]
    public void SetCurrent_AnotherKey_StillAcceptsThePreviousOne()
    {
        SetKey();
        var former = _keys.CreateAddress();
        SetKey();
        Assert.True(_keys.IsSegment(former.Segment));
        Assert.True(_keys.IsClientState(former.ClientState));
        Assert.NotEqual(former.Segment, _keys.CreateAddress().Segment);
    }

    [Fact]
    public void AcceptsPathWithoutSegment_SixHoursAfterTheUpgrade_IsFalse()
    {
        Assert.False(_keys.AcceptsPathWithoutSegment);
        _keys.SetCurrent(WebhookKey.Create(_time.GetUtcNow(), hasFormerSubscriptions: true));
        Assert.True(_keys.AcceptsPathWithoutSegment);
        _time.Advance(WebhookKeys.Overlap);
        Assert.False(_keys.AcceptsPathWithoutSegment);
    }

    [Fact]
    public void AcceptsPathWithoutSegment_NewInstallation_IsFalse()
    {
        SetKey();
        Assert.False(_keys.AcceptsPathWithoutSegment);
    }

    [Fact]
    public void ToString_Address_DisclosesNoSecret()
    {
        SetKey();
        var address = _keys.CreateAddress();
        Assert.Equal(address.Name, $"{address}");
        Assert.StartsWith("https://hub.example", address.RecordedUrl("https://hub.example"), StringComparison.Ordinal);
        Assert.DoesNotContain(address.Segment, address.RecordedUrl("https://hub.example"), StringComparison.Ordinal);
    }

    private WebhookKey SetKey()
    {
        var key = WebhookKey.Create(_time.GetUtcNow());
        _keys.SetCurrent(key);
        return key;
    }
}
