namespace PresenceHub.Fleet.Reporting;

/// <summary>The changes of a run.</summary>
/// <param name="Driven">Whether the tool made the changes; otherwise it observed those that came.</param>
/// <param name="Made">Changes that the tool made.</param>
/// <param name="People">Among how many people.</param>
/// <param name="Delivered">Changes that arrived at healthy connections, counted once per connection.</param>
/// <param name="Skipped">Changes that a newer one of the same person replaced before they were sent.</param>
internal sealed record ChangeResult(bool Driven, long Made, int? People, long Delivered, long Skipped);
