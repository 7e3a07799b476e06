using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.People;

/// <summary>
/// The look-up of people by id, address and name, lists of people, and photos. They need the application permission
/// <c>User.ReadBasic.All</c> of Microsoft Graph, and the list of a department <c>User.Read.All</c>. What lacks its
/// permission answers 501; all else goes on.
/// </summary>
internal sealed class PeopleOptions
{
    public const string SectionName = "People";

    /// <summary>Whether people can be looked up. Otherwise requests are answered 501.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How long the hub keeps what Graph has said about a person: 1 minute to 7 days. A new name or address appears
    /// that late.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long the hub keeps that a watcher got no person for an id or an address: 1 second to 10 minutes. A person
    /// who is added to the directory appears that late. Clients can make up such keys, so it bounds what is kept.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan MissingLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a node keeps the answer to a search, and a page of a list: 1 second to 10 minutes. It keeps the 1,000
    /// searches that were used last, and pages of 50,000 people.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SearchLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a node and a browser keep a photo, and that there is none: 1 minute to 7 days. A new photo appears that
    /// late.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan PhotoLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Memory of a node for photos, in bytes: 1 MB to 2 GB. The default holds some 10,000 photos; those that were used
    /// least recently make room for others.
    /// </summary>
    [Range(1_000_000, 2_000_000_000)]
    public int PhotoCacheBytes { get; set; } = 64_000_000;

    /// <summary>
    /// Part of the hub's requests to Graph that each node may use for people: 0.01 to 1. Presence is read from the
    /// rest, and at the same time.
    /// </summary>
    [Range(0.01, 1)]
    public double BudgetShare { get; set; } = 0.25;
}
