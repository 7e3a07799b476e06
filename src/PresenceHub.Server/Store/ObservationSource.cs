namespace PresenceHub.Server.Store;

internal enum ObservationSource
{
    /// <summary>Asked from Graph: it tells what holds at the time of asking.</summary>
    Poll,

    /// <summary>Sent by Graph, possibly hours late.</summary>
    Notification,
}
