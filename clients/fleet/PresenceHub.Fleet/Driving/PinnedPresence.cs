using System.Text;
using System.Text.Json.Serialization;
using PresenceHub.Fleet.Checking;

namespace PresenceHub.Fleet.Driving;

/// <summary>A presence that the emulator shows.</summary>
internal sealed record PinnedPresence(Guid Id, string Availability, string Activity)
{
    /// <summary>Comparable with what views and the store hold.</summary>
    [JsonIgnore]
    public ulong Print => EntryPrint.OfState(Encoding.UTF8.GetBytes(Availability), Encoding.UTF8.GetBytes(Activity));
}
