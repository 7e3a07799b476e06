using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Runs;

/// <summary>Cuts many connections at one moment, and measures how long until all are live again.</summary>
internal sealed class Storm(
    StormPlan plan,
    IReadOnlyList<LightMember> members,
    Random random,
    RunClock clock,
    TimeProvider time
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public StormResult? Result { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(plan.At, time, cancellationToken);
            var victims = members.ToArray();
            random.Shuffle(victims);
            victims = victims[..(int)Math.Ceiling(victims.Length * plan.Share)];
            var started = time.GetTimestamp();
            foreach (var member in victims)
            {
                member.Cut(plan.Over * random.NextDouble());
            }

            Result = new StormResult(victims.Length, clock.Elapsed.TotalSeconds, null);

            // A member is not live until it has noticed that its connection is gone.
            await UntilAsync(
                () =>
                    victims.All(member =>
                        member.Connection is null
                        || member.State is not MemberState.Live
                        || member.WasReconnectedAfter(started)
                    ),
                cancellationToken
            );
            await UntilAsync(() => victims.All(member => member.State is MemberState.Live), cancellationToken);
            Result = Result with { SecondsUntilAllLive = time.GetElapsedTime(started).TotalSeconds };
        }
        catch (OperationCanceledException) { }
    }

    private async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (!condition())
        {
            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
