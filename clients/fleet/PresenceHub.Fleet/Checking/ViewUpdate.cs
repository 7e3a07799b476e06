namespace PresenceHub.Fleet.Checking;

/// <summary>The effect of an entry on a view.</summary>
/// <param name="PreviousChange">The number of the driven change that the view held before; -1 for none.</param>
/// <param name="WasObserved">Whether the view held an observed presence before, so that its replacement is a change
/// and not a first reading.</param>
internal readonly record struct ViewUpdate(EntryVerdict Verdict, int PreviousChange, bool WasObserved);
