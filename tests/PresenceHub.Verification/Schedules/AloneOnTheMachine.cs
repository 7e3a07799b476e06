namespace PresenceHub.Verification.Schedules;

/// <summary>Tests that take every core there is, and promise times.</summary>
[CollectionDefinition(nameof(AloneOnTheMachine), DisableParallelization = true)]
public sealed class AloneOnTheMachine;
