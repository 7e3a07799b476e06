namespace PresenceHub.Verification.Soak;

/// <summary>Where a fault is. At one time there is one of the store, one of a node, and any number of links.</summary>
internal enum FaultPlace
{
    Store,
    Node,
    Link,
}
