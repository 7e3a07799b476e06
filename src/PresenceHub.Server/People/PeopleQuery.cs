using Microsoft.AspNetCore.Mvc;

namespace PresenceHub.Server.People;

/// <summary>The query of a request for people, as sent.</summary>
/// <param name="Ids">Object ids, separated by commas.</param>
/// <param name="Emails">Addresses, separated by commas.</param>
/// <param name="Search">Names or their beginnings.</param>
/// <param name="Department">The department to list.</param>
/// <param name="All">"true" lists the whole company.</param>
/// <param name="Top">The most people of a search, or of a page of a list.</param>
/// <param name="After">Of a list: the page before the wanted one.</param>
internal sealed record PeopleQuery(
    [FromQuery(Name = "ids")] string? Ids,
    [FromQuery(Name = "emails")] string? Emails,
    [FromQuery(Name = "search")] string? Search,
    [FromQuery(Name = "department")] string? Department,
    [FromQuery(Name = "all")] string? All,
    [FromQuery(Name = "top")] string? Top,
    [FromQuery(Name = "after")] string? After
);
