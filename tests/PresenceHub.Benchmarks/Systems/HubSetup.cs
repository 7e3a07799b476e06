namespace PresenceHub.Benchmarks.Systems;

/// <summary>How the measured hub is set up.</summary>
/// <param name="Nodes">How many nodes share one Redis.</param>
/// <param name="Polls">Whether a node reads Graph: newly watched subjects at once, all every half hour.</param>
/// <param name="Accounts">
/// Accounts that hold subscriptions. With any, changes reach the measured nodes as notifications; with none, another
/// process applies them to the store, as a leading node elsewhere does, and the measured nodes only fan out.
/// </param>
internal sealed record HubSetup(int Nodes = 1, bool Polls = false, int Accounts = 0)
{
    private const int SubjectsPerAccount = 650;

    /// <summary>One or more nodes that receive changes from Redis only.</summary>
    public static HubSetup FanOut(int nodes = 1) => new(nodes);

    /// <summary>Nodes that do everything themselves.</summary>
    public static HubSetup Whole(int subjects, int nodes = 1) =>
        new(nodes, Polls: true, (subjects + SubjectsPerAccount - 1) / SubjectsPerAccount);
}
