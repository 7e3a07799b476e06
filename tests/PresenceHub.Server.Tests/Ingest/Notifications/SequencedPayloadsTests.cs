using PresenceHub.Server.Ingest.Notifications;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

public sealed class SequencedPayloadsTests
{
    private readonly SequencedPayloads _payloads = new();

    [Fact]
    public void IsWorthOpening_NumbersAmongThem_IsAlwaysTrue()
    {
        for (var i = 0; i < 10 * SequencedPayloads.Convincing; i++)
        {
            Assert.True(_payloads.IsWorthOpening());
            _payloads.Opened(hasSequenceNumber: i % SequencedPayloads.Convincing is 0);
        }
    }

    [Fact]
    public void IsWorthOpening_NoneHadANumber_IsTrueForOneOfMany()
    {
        OpenWithout(SequencedPayloads.Convincing);
        Assert.Equal(10, Enumerable.Range(0, 10 * SequencedPayloads.SampleOf).Count(_ => _payloads.IsWorthOpening()));
    }

    [Fact]
    public void IsWorthOpening_ASampleHasANumber_IsTrueAgain()
    {
        OpenWithout(SequencedPayloads.Convincing);
        _payloads.Opened(hasSequenceNumber: true);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(_payloads.IsWorthOpening()));
    }

    private void OpenWithout(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _payloads.Opened(hasSequenceNumber: false);
        }
    }
}
