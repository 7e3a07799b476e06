namespace PresenceHub.Fleet.Measuring;

/// <summary>Reads what the server uses.</summary>
internal interface IResourceProbe
{
    /// <summary>Returns null when the server cannot be asked at present, for example because it is gone.</summary>
    Task<ResourceUse?> ReadAsync(CancellationToken cancellationToken);
}
