using PresenceHub.Fleet.Scenarios;
using PresenceHub.Fleet.Watching;

namespace PresenceHub.Fleet.Driving;

/// <summary>
/// Makes changes by a schedule that does not wait for anything: change i is meant for i / rate. What comes late,
/// because the emulator or
/// this process is late, keeps its intended time, so that the delay counts as latency.
/// </summary>
internal sealed class ChangeDriver(
    EmulatorClient emulator,
    ChangeLog log,
    ChangeToken token,
    SubjectTable subjects,
    TimeProvider time
)
{
    /// <summary>Changes in one request. More that are due go into the next one.</summary>
    private const int MostPerRequest = 1000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    private static readonly string[] Availabilities = ["Busy", "Available", "DoNotDisturb", "Away", "BeRightBack"];

    /// <summary>
    /// Makes changes among the people until the token ends it; requests go out one after the other, so their order
    /// holds.
    /// </summary>
    public async Task RunAsync(
        ChangePlan plan,
        IReadOnlyList<int> people,
        Random random,
        CancellationToken cancellationToken
    )
    {
        var order = people.ToArray();
        var start = time.GetTimestamp();
        var made = 0L;
        var batch = new List<PinnedPresence>();
        using var timer = new PeriodicTimer(Tick, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var due = plan.Burst * (long)(time.GetElapsedTime(start).TotalSeconds * plan.PerSecond / plan.Burst);
            while (made < due)
            {
                batch.Clear();
                for (; made < due && batch.Count < MostPerRequest; made++)
                {
                    batch.Add(Next(plan, order, made, start, random));
                }

                await emulator.PinAsync(batch, cancellationToken);
            }
        }
    }

    private PinnedPresence Next(ChangePlan plan, int[] order, long number, long start, Random random)
    {
        // Every person changes once before one changes again: a burst hits different people.
        var turn = (int)(number % order.Length);
        if (turn is 0)
        {
            random.Shuffle(order);
        }

        var moment = (number / plan.Burst) + 1;
        var intended = start + (long)(moment * plan.Burst / plan.PerSecond * time.TimestampFrequency);
        var ordinal = log.Add(order[turn], intended);
        return new PinnedPresence(
            subjects.People[order[turn]].Id,
            Availabilities[ordinal % Availabilities.Length],
            token.Write(ordinal)
        );
    }
}
