using System.IO.Hashing;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Checking;

/// <summary>Fingerprints of entries, so that views hold eight bytes instead of texts.</summary>
internal static class EntryPrint
{
    /// <summary>Of availability and activity.</summary>
    public static ulong OfState(ReadOnlySpan<byte> availability, ReadOnlySpan<byte> activity) =>
        XxHash3.HashToUInt64(activity, (long)XxHash3.HashToUInt64(availability));

    /// <summary>Of all that may differ between two entries of one revision.</summary>
    public static ulong OfConfirmation(in EntryView entry) =>
        XxHash3.HashToUInt64(entry.ObservedAt, (long)entry.Freshness);
}
