using System.Diagnostics.CodeAnalysis;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Verification.Simulation;

/// <summary>The presence of each subject, and its readings by the nodes.</summary>
[SuppressMessage("Security", "CA5394", Justification = "The order has to follow from the seed.")]
internal sealed class SimulatedGraph(Scene scene, SimulatedHub hub)
{
    /// <summary>An ambiguous reading is repeated, and the second one counts.</summary>
    private const int MaxReadings = 2;

    private static readonly TimeSpan RereadDelay = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<SubjectId, string> _presences = [];
    private int _changes;

    /// <summary>A node reads a presence, which has changed in most cases.</summary>
    public void Observe(SimulatedNode node, SubjectId subject)
    {
        if (scene.Random.Next(4) is 0 && _presences.TryGetValue(subject, out var value))
        {
            scene.Trace?.Add($"{node.Name} confirms {value} of {Scene.Text(subject)}");
        }
        else
        {
            value = Change(subject);
            scene.Trace?.Add($"{node.Name} writes {value} of {Scene.Text(subject)}");
        }

        _ = scene.Random.Next(3) is 0
            ? ApplyAsync(node, subject, $"{_changes:D10}", ObservationSource.Notification)
            : ApplyAsync(node, subject, number: null, ObservationSource.Poll);
    }

    /// <summary>Reads all subjects: writes what the store does not hold, and confirms the rest.</summary>
    public void ReadAll()
    {
        scene.Trace?.Add("Graph is read");
        foreach (var subject in Scene.Subjects)
        {
            var value = _presences.GetValueOrDefault(subject) ?? Change(subject);
            for (var reading = 0; reading < MaxReadings && (reading is 0 || !IsStored(subject)); reading++)
            {
                hub.Advance(RereadDelay);
                _ = ApplyAsync(hub.Nodes[0], subject, number: null, ObservationSource.Poll);
                hub.FinishAll();
            }

            if (!IsStored(subject))
            {
                scene.Violations.Add($"the store holds {hub.Redis.Read(subject)} although Graph says {value}");
            }
        }
    }

    private bool IsStored(SubjectId subject) => hub.Redis.Read(subject)?.Availability == _presences[subject];

    private string Change(SubjectId subject) => _presences[subject] = $"v{++_changes}";

    private async Task ApplyAsync(SimulatedNode node, SubjectId subject, string? number, ObservationSource source)
    {
        var value = _presences[subject];
        try
        {
            await node.WriteAsync(new Observation(subject, value, value, number, node.Clock.Now, source));
        }
        catch (TimeoutException)
        {
            // The store may have it or not; Graph is read again later.
        }
        catch (Exception exception)
        {
            scene.Violations.Add($"{node.Name} wrote and got {exception}");
        }
    }
}
