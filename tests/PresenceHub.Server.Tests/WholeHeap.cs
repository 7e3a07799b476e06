namespace PresenceHub.Server.Tests;

/// <summary>Tests that measure the managed heap: what runs beside them would count as theirs.</summary>
[CollectionDefinition(nameof(WholeHeap), DisableParallelization = true)]
public sealed class WholeHeap;
