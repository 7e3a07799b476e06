using System.Globalization;

namespace PresenceHub.Server.WatchLists;

/// <summary>Names this process among the nodes. It changes with each start.</summary>
internal sealed class NodeId
{
    public string Value { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Guid.NewGuid():N}");

    public override string ToString() => Value;
}
