using PresenceHub.Server.Ingest.Notifications;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

public sealed class SequencedPayloadsTests
{
    private readonly SequencedPayloads _payloads = new();

    [Fact]
    public void IsWorthOpening_SomePayloadsHaveNumbers_IsAlwaysTrue()
    {
        for (var i = 0; i < 10 * SequencedPayloads.UnsequencedLimit; i++)
        {
            Assert.True(_payloads.IsWorthOpening());
            _payloads.Opened(hasSequenceNumber: i % SequencedPayloads.UnsequencedLimit is 0);
        }
    }

    [Fact]
    public void IsWorthOpening_NoPayloadHadANumber_IsTrueForOneOfMany()
    {
        OpenWithout(SequencedPayloads.UnsequencedLimit);
        Assert.Equal(
            10,
            Enumerable.Range(0, 10 * SequencedPayloads.SampleInterval).Count(_ => _payloads.IsWorthOpening())
        );
    }

    [Fact]
    public void IsWorthOpening_ASampleHasANumber_IsTrueAgain()
    {
        OpenWithout(SequencedPayloads.UnsequencedLimit);
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
