using PresenceHub.Fleet.Driving;

namespace PresenceHub.Fleet.Checking;

/// <summary>Checks whether a view holds the last driven change of each person.</summary>
internal struct ChangeVisitor(ChangeLog changes) : IViewVisitor
{
    /// <summary>Entries that are still behind.</summary>
    public int Behind { get; private set; }

    public void Visit(int subject, in ViewSlot slot)
    {
        if (slot.Change < changes.LastOf(subject) && !slot.IsRejected && !slot.IsRevoked)
        {
            Behind++;
        }
    }
}
