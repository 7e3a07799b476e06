using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Polling;

namespace PresenceHub.Server.Tests.Ingest.Polling;

/// <summary>A schedule with its watched subjects, and time in the test's hand.</summary>
internal sealed class ScheduleHost
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    public ScheduleHost() => Watched = new WatchedSubjects(Time);

    public FakeTimeProvider Time { get; } = new();

    public WatchedSubjects Watched { get; }

    public PollSchedule Create(bool hasSubscriptions = true) =>
        new(Watched, PollPace.Of(new PollingOptions { Period = Period }, hasSubscriptions), new PageAdmission(), Time);

    public PollSchedule WithConfirmed(int count)
    {
        var schedule = Create();
        ConfirmAll(schedule, count);
        return schedule;
    }

    public void ConfirmAll(PollSchedule schedule, int count)
    {
        Watched.SetHeld(PollingHost.Subjects(count).ToHashSet(), Watched.Now);
        while (schedule.TakeDue(650) is { Count: > 0 } page)
        {
            schedule.Confirm(page);
            Time.Advance(RefreshPace.Longest);
        }
    }
}
