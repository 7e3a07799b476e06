namespace PresenceHub.Fleet.Checking;

/// <summary>What came of an entry.</summary>
/// <param name="PreviousChange">The number of the driven change that the view held before; -1 for none.</param>
/// <param name="WasObserved">Whether the view held an observed presence before: what replaces it is a change, not a
/// first reading.</param>
internal readonly record struct ViewUpdate(EntryVerdict Verdict, int PreviousChange, bool WasObserved);
