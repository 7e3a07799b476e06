namespace PresenceHub.Fleet.Measuring;

/// <summary>Reads the CPU time and memory of the server.</summary>
internal interface IResourceProbe
{
    /// <summary>Returns null when the server does not answer at present.</summary>
    Task<ResourceUse?> ReadAsync(CancellationToken cancellationToken);
}
