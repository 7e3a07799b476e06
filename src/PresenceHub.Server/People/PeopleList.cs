namespace PresenceHub.Server.People;

/// <summary>A page of people in the order of their names.</summary>
/// <param name="Department">The department that is listed, in any case; null lists the whole company.</param>
/// <param name="Top">The most people of the page.</param>
/// <param name="After">The page before this one; null asks for the first page.</param>
internal sealed record PeopleList(string? Department, int Top, PageToken? After);
