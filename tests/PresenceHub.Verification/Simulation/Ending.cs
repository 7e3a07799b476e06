using System.Diagnostics.CodeAnalysis;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Verification.Simulation;

/// <summary>What must hold once the faults have ended.</summary>
[SuppressMessage("Security", "CA5394", Justification = "The order has to follow from the seed.")]
internal sealed class Ending(Scene scene, SimulatedHub hub, SimulatedGraph graph)
{
    /// <summary>The checks of one settling, and a bit more. Earlier steps of the store's clock no longer
    /// matter.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    /// <summary>Checks the promises after the last fault.</summary>
    public void Run()
    {
        hub.Settle();
        ExpectAgreement("the faults have ended");
        graph.ReadAll();
        hub.Settle();
        ExpectAgreement("Graph was read again");
        ExpectFreshness(Freshness.Live, "Graph was read again");

        hub.Advance(scene.Options.StaleAfter - (3 * Tolerance));
        hub.Settle();
        ExpectFreshness(Freshness.Live, "no entry was confirmed for a while");
        hub.Advance(4 * Tolerance);
        hub.Settle();
        ExpectFreshness(Freshness.Stale, "no entry was confirmed for too long");

        graph.ReadAll();
        hub.Settle();
        ExpectAgreement("all subjects were confirmed");
        ExpectFreshness(Freshness.Live, "all subjects were confirmed");

        hub.Advance(scene.Options.StaleAfter - Tolerance + (scene.Random.NextDouble() * Tolerance));
        hub.Settle();
        graph.ReadAll();
        hub.Settle();
        ExpectFreshness(Freshness.Live, "all subjects were confirmed just before the limit, or just after it");

        LoseTheStore();
    }

    private void LoseTheStore()
    {
        scene.Trace?.Add("redis is away after the last fault");
        hub.Redis.IsDown = true;
        hub.Settle();
        hub.Settle();
        ExpectFreshness(Freshness.Stale, "the store is away");
        hub.Redis.IsDown = false;
        hub.Settle();
        ExpectAgreement("the store is back");
        ExpectFreshness(Freshness.Live, "the store is back");
    }

    private void ExpectAgreement(string when)
    {
        foreach (var node in hub.Nodes)
        {
            foreach (var held in Scene.Subjects.Select(node.Held).OfType<StoredEntry>())
            {
                if (hub.Redis.Read(held.Subject) is { } stored && held.IsOfAnOlderRevisionThan(stored))
                {
                    scene.Violations.Add($"{when}: {node.Name} holds {held} and the store holds {stored}");
                }
            }
        }

        foreach (var (client, subject, shown) in Shown())
        {
            var stored = hub.Redis.Read(subject);
            var isEqual = stored is null
                ? shown?.Freshness is not Freshness.Live
                : (stored.Availability, stored.Epoch, stored.Revision)
                    == (shown?.Availability, shown?.Epoch, shown?.Revision);
            if (shown is null || !isEqual)
            {
                scene.Violations.Add(
                    $"{when}: {client.Name} shows {Text(shown)} and the store holds {stored?.ToString() ?? "nothing"}"
                );
            }
        }
    }

    private void ExpectFreshness(string freshness, string when)
    {
        foreach (var (client, subject, shown) in Shown())
        {
            if (shown?.Freshness != freshness)
            {
                scene.Violations.Add($"{when}: {client.Name} shows {Text(shown)} of {Scene.Text(subject)}");
            }
        }
    }

    private IEnumerable<(SimulatedClient Client, SubjectId Subject, PresenceEntry? Entry)> Shown() =>
        from client in hub.Clients
        from subject in Scene.Subjects
        where client.Wished.Contains(subject.ToString())
        select (client, subject, client.View.GetValueOrDefault(subject.ToString()));

    private static string Text(PresenceEntry? shown) => shown is null ? "nothing" : Scene.Text(shown);
}
