using PresenceHub.Contracts;

namespace PresenceHub.Benchmarks.Peers;

/// <summary>How the harness gives a peer its entries and changes, and reads its counters.</summary>
internal static class PeerControl
{
    public static void MapPeerControl(this WebApplication app)
    {
        app.MapGet("/health/ready", () => Results.Ok());
        app.MapGet("/bench/allocated", () => GC.GetTotalAllocatedBytes());
        app.MapPut("/bench/entries", (PresenceEntry[] entries, IPresenceTable presences) =>
            presences.SetAsync(entries)
        );
        app.MapPost(
            "/bench/changes",
            async (PresenceEntry[] entries, IPresenceTable presences, IBroadcaster broadcaster) =>
            {
                await presences.SetAsync(entries);
                foreach (var entry in entries)
                {
                    await broadcaster.SendAsync(entry);
                }
            }
        );
    }
}
