using System.Text;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Tests.Checking;

/// <summary>Entries for tests.</summary>
internal static class Entries
{
    public static EntryView Of(
        long revision,
        string availability = "Busy",
        string observedAt = "2026-11-27T08:00:00Z",
        long epoch = 1
    )
    {
        var entry = new EntryView { Epoch = epoch, Revision = revision };
        entry.SetText("availability"u8, Encoding.UTF8.GetBytes(availability));
        entry.SetText("activity"u8, Encoding.UTF8.GetBytes(availability));
        entry.SetText("freshness"u8, "live"u8);
        entry.SetText("observedAt"u8, Encoding.UTF8.GetBytes(observedAt));
        return entry;
    }
}
