using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

public sealed class WebhookKeyTests
{
    private readonly WebhookKey _key = WebhookKey.Create(default);

    [Fact]
    public void CreateClientState_Twice_IsDifferentAndWithinTheLimitOfGraph()
    {
        var state = _key.CreateClientState();
        Assert.NotEqual(state, _key.CreateClientState());
        Assert.InRange(state.Length, 43, 128);
    }

    [Fact]
    public void IsClientState_CreatedWithTheKey_IsTrueOnEachNode()
    {
        var other = new WebhookKey(default, _key.ExportSecret());
        Assert.True(other.IsClientState(_key.CreateClientState()));
    }

    [Fact]
    public void IsClientState_NotCreatedWithTheKey_IsFalse()
    {
        var state = _key.CreateClientState();
        var flipped = (state[0] is 'A' ? 'B' : 'A') + state[1..];
        string[] others =
        [
            WebhookKey.Create(default).CreateClientState(),
            flipped,
            state[..^1],
            state + "A",
            state[..^4] + "!!!!",
            "",
            new string('A', 64),
        ];
        Assert.All(others, other => Assert.False(_key.IsClientState(other)));
    }

    [Fact]
    public void SegmentOf_AnotherPeriodOrKey_IsDifferent()
    {
        Assert.Equal(_key.SegmentOf(1), new WebhookKey(default, _key.ExportSecret()).SegmentOf(1));
        Assert.NotEqual(_key.SegmentOf(1), _key.SegmentOf(2));
        Assert.NotEqual(_key.SegmentOf(1), WebhookKey.Create(default).SegmentOf(1));
        Assert.Matches("^[A-Za-z0-9_-]{43}$", _key.SegmentOf(1));
    }
}
