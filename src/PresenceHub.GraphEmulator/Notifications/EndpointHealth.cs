using PresenceHub.GraphEmulator.Throttling;

namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>How an endpoint has answered within the last ten minutes, and the state that follows from it.</summary>
internal sealed class EndpointHealth(int minimumAnswers)
{
    private const double SlowShare = 0.10;
    private const double DropShare = 0.15;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly SlidingWindow _answers = new(Window);
    private readonly SlidingWindow _slowAnswers = new(Window);

    public void Note(bool wasSlow, DateTimeOffset now)
    {
        lock (_gate)
        {
            _answers.Add(now);
            if (wasSlow)
            {
                _slowAnswers.Add(now);
            }
        }
    }

    public EndpointState At(DateTimeOffset now)
    {
        lock (_gate)
        {
            var (slow, all) = (_slowAnswers.TotalAt(now), _answers.TotalAt(now));
            return all < minimumAnswers || slow <= all * SlowShare ? EndpointState.Good
                : slow <= all * DropShare ? EndpointState.Slow
                : EndpointState.Drop;
        }
    }
}
