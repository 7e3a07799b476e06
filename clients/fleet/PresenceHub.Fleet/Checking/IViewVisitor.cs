namespace PresenceHub.Fleet.Checking;

/// <summary>
/// Looks at each slot of a view. Implementations are structs, so that half a million slots are visited without a call
/// each.
/// </summary>
internal interface IViewVisitor
{
    void Visit(int subject, in ViewSlot slot);
}
