using System.Collections;

namespace PresenceHub.Fleet.Checking;

/// <summary>Compares a view with what the store held a moment before.</summary>
internal struct StoreComparison(IReadOnlyDictionary<int, StoreEntry> store, BitArray differing) : IViewVisitor
{
    /// <summary>The first subject found to differ in the current view; -1 for none.</summary>
    public int FirstDifference { get; set; } = -1;

    public void Visit(int subject, in ViewSlot slot)
    {
        if (slot.IsRejected || slot.IsRevoked || !store.TryGetValue(subject, out var entry) || Holds(in slot, entry))
        {
            return;
        }

        differing[subject] = true;
        FirstDifference = FirstDifference < 0 ? subject : FirstDifference;
    }

    // A newer entry than the store's answer may have arrived meanwhile. An equal revision may carry an older epoch: the
    // store's data may have moved to a new epoch without a change, and the view shows the same.
    private static bool Holds(in ViewSlot slot, StoreEntry entry)
    {
        if (!slot.HasEntry)
        {
            return false;
        }

        return slot.Held.Revision == entry.Order.Revision
            ? slot.State == entry.State
            : slot.Held.CompareTo(entry.Order) > 0;
    }
}
