namespace PresenceHub.Fleet.Checking;

/// <summary>What came of an entry.</summary>
/// <param name="PreviousChange">The number of the driven change that the view held before; -1 for none.</param>
internal readonly record struct ViewUpdate(EntryVerdict Verdict, int PreviousChange);
