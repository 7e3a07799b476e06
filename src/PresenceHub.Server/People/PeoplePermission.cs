namespace PresenceHub.Server.People;

/// <summary>The application permission of Graph that a request for people needs.</summary>
internal enum PeoplePermission
{
    /// <summary><c>User.ReadBasic.All</c>: ids, names, addresses and photos.</summary>
    Basic,

    /// <summary><c>User.Read.All</c>: also a filter by department.</summary>
    All,
}
