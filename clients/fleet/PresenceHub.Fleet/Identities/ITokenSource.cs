namespace PresenceHub.Fleet.Identities;

/// <summary>Where access tokens come from.</summary>
internal interface ITokenSource
{
    /// <summary>How many different identities there are; null: any number.</summary>
    int? Count { get; }

    /// <summary>Gets a token of the n-th identity; a source that has fixed tokens returns the same one again.</summary>
    Task<string> GetAsync(int identity, CancellationToken cancellationToken);
}
