namespace PresenceHub.Server.Store;

internal enum ObservationSource
{
    /// <summary>Read from Graph. It is the state at the time of the request.</summary>
    Poll,

    /// <summary>Sent by Graph, possibly hours late.</summary>
    Notification,
}
