using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Notifications;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

public sealed class AppliedPayloadsTests
{
    private static readonly SubjectId Subject = new(Guid.Parse("00000000-0000-0000-0000-00000000000a"));
    private static readonly EncryptedContent Content = new("data", "signature", "key", "certificate");

    [Fact]
    public void FingerprintOf_AnyPartDiffers_Differs()
    {
        UInt128[] fingerprints =
        [
            AppliedPayloads.FingerprintOf(Subject, Content),
            AppliedPayloads.FingerprintOf(new SubjectId(Guid.NewGuid()), Content),
            AppliedPayloads.FingerprintOf(Subject, Content with { DataSignature = "other" }),
            AppliedPayloads.FingerprintOf(Subject, Content with { DataKey = "other" }),
            AppliedPayloads.FingerprintOf(Subject, Content with { EncryptionCertificateId = "other" }),
        ];
        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
        Assert.Equal(fingerprints[0], AppliedPayloads.FingerprintOf(Subject, Content with { }));
    }

    [Fact]
    public void Add_MoreThanItHolds_DropsTheOldest()
    {
        var applied = new AppliedPayloads();
        for (var number = 0; number <= AppliedPayloads.Capacity; number++)
        {
            applied.Add((UInt128)number);
            applied.Add((UInt128)number);
        }

        Assert.False(applied.Contains(0));
        Assert.True(applied.Contains(1));
        Assert.True(applied.Contains(AppliedPayloads.Capacity));
    }
}
