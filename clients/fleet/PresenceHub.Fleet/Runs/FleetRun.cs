using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Driving;
using PresenceHub.Fleet.Measuring;
using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Reporting;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Runs;

/// <summary>
/// One run from the first connection to the verdict. Whatever ends it early, what was measured is returned.
/// </summary>
internal sealed class FleetRun(
    RunOptions options,
    HttpClient http,
    RunStop stop,
    IRunDisplay display,
    TimeProvider time
)
{
    /// <summary>How long to wait for subscriptions to cover the watched people before changes are driven.</summary>
    private static readonly TimeSpan CoverTimeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan CheckPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly RunClock _clock = new(options.Scenario, time);
    private readonly Random _random = new(options.Scenario.Seed);

    private Scenario Scenario => options.Scenario;

    public async Task<RunResult> RunAsync()
    {
        var startedAt = time.GetUtcNow();
        using var fleet = await new FleetPreparation(options, http, stop, display, time).PrepareAsync(stop.Token);
        var sampler = new RunSampler(fleet, ServerProbe(), RedisProbe(), display, _clock, options.OutageLimit, time);
        var outcome = new RunOutcome(startedAt, options, fleet, sampler, stop);
        using var ending = new CancellationTokenSource();
        using var membersEnd = new CancellationTokenSource();
        _clock.Begin(RunPhase.Connecting);
        var background = Task.WhenAll(
            sampler.RunAsync(ending.Token),
            new Heartbeat(fleet.LightMembers, time).RunAsync(ending.Token)
        );
        IReadOnlyList<Task> members = [];
        try
        {
            members = await new RampUp(Scenario.Ramp, stop, time).StartAsync(fleet.All, stop.Token, membersEnd.Token);
            await WhileConnectingAsync(fleet);
            await EndRampAsync(outcome, sampler);
            await MeasureAsync(fleet, outcome);
            await SettleAsync(fleet, outcome);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // The reason is in the stop; the result covers what was measured.
        }

        _clock.Begin(RunPhase.Done);
        await ending.CancelAsync();
        await background;
        await sampler.SampleAsync(CancellationToken.None);
        var result = outcome.ToResult(_clock.Elapsed);
        await membersEnd.CancelAsync();
        await TidyUpAsync(fleet, members);
        return result;
    }

    private IResourceProbe? ServerProbe() =>
        options.ServerProcesses.Count > 0 ? new ResourceProbe(options.ServerProcesses)
        : options.Metrics.Count > 0 ? new MetricsProbe(http, options.Metrics)
        : null;

    private ResourceProbe? RedisProbe() =>
        options.RedisProcesses.Count > 0 ? new ResourceProbe(options.RedisProcesses) : null;

    /// <summary>
    /// Until all healthy members are live. A hub that does not manage it in time ends the run.
    /// </summary>
    private async Task WhileConnectingAsync(PreparedFleet fleet)
    {
        var start = time.GetTimestamp();
        while (fleet.Healthy.Any(member => member.State is not MemberState.Live))
        {
            if (time.GetElapsedTime(start) > options.ConnectPatience)
            {
                var live = fleet.Healthy.Count(member => member.State is MemberState.Live);
                stop.Fail(
                    $"Only {live:N0} of {fleet.Healthy.Count:N0} connections were live "
                        + $"{options.ConnectPatience.TotalSeconds:0} s after the ramp: "
                        + "use a slower ramp (--ramp) or fewer connections."
                );
            }

            await Task.Delay(CheckPause, time, stop.Token);
        }
    }

    private async Task EndRampAsync(RunOutcome outcome, RunSampler sampler)
    {
        await sampler.SampleAsync(stop.Token);
        outcome.RampEnded(_clock.PhaseElapsed);
        display.Note($"All connected after {_clock.PhaseElapsed.TotalSeconds:0.0} s");
    }

    private async Task MeasureAsync(PreparedFleet fleet, RunOutcome outcome)
    {
        var changing =
            fleet.Emulator is not null && Scenario.Changes is not null ? await CoveredAsync(fleet, outcome) : [];
        _clock.Begin(RunPhase.Measuring);
        outcome.MeasuringBegins();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var storm = Scenario.Storm is { } plan ? new Storm(plan, fleet.LightMembers, _random, _clock, time) : null;
        var storming = storm?.RunAsync(over.Token) ?? Task.CompletedTask;
        Task[] work =
        [
            DriveAsync(fleet, changing, over.Token),
            new Churn(
                Scenario.Churn,
                fleet.LightMembers,
                fleet.WatchLists,
                new Random(Scenario.Seed),
                time,
                stop.Token
            ).RunAsync(over.Token),
            storming,
        ];
        try
        {
            await Task.Delay(Scenario.Duration, time, over.Token);

            // A storm that takes longer than the duration is measured to its end.
            await Task.WhenAny(storming, Task.Delay(options.ConnectPatience, time, over.Token));
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(work);
            outcome.MeasuringEnded(_clock.PhaseElapsed, storm?.Result);
        }
    }

    private async Task DriveAsync(PreparedFleet fleet, IReadOnlyList<int> people, CancellationToken cancellationToken)
    {
        if (people.Count is 0)
        {
            return;
        }

        try
        {
            var driver = new ChangeDriver(
                fleet.Emulator!,
                fleet.Changes,
                fleet.ChangeToken,
                fleet.Surroundings.Subjects,
                time
            );
            await driver.RunAsync(Scenario.Changes!, people, new Random(Scenario.Seed), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
        catch (HttpRequestException exception)
        {
            stop.Fail(
                $"The emulator at {options.Emulator} stopped taking changes ({exception.Message}): the result covers "
                    + "the time until then."
            );
        }
    }

    /// <summary>
    /// People whose changes are notified, most watched first. Of people outside the subscriptions a change is found by
    /// the next poll, which
    /// does not measure the hub's speed, so they are driven only if no subject is covered.
    /// </summary>
    private async Task<IReadOnlyList<int>> CoveredAsync(PreparedFleet fleet, RunOutcome outcome)
    {
        var watched = fleet
            .Healthy.SelectMany(member => member.View.Subjects)
            .CountBy(subject => subject)
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key)
            .Select(pair => pair.Key)
            .ToArray();
        watched = Scenario.Changes!.Subjects is var most and > 0 ? watched[..Math.Min(most, watched.Length)] : watched;
        var start = time.GetTimestamp();
        int[] covered;
        do
        {
            var ids = await fleet.Emulator!.ReadCoveredAsync(stop.Token);
            covered = [.. watched.Where(subject => ids.Contains(fleet.Surroundings.Subjects.People[subject].Id))];
            if (covered.Length < watched.Length)
            {
                await Task.Delay(CheckPause, time, stop.Token);
            }
        } while (covered.Length < watched.Length && time.GetElapsedTime(start) < CoverTimeout);

        outcome.DrivenPeople = covered.Length > 0 ? covered.Length : watched.Length;
        display.Note(
            $"Changes are driven among {outcome.DrivenPeople:N0} people; {covered.Length:N0} of {watched.Length:N0} "
                + "are covered by Graph subscriptions"
        );
        return covered.Length > 0 ? covered : watched;
    }

    private async Task SettleAsync(PreparedFleet fleet, RunOutcome outcome)
    {
        _clock.Begin(RunPhase.Settling);
        if (fleet.Changes.Total > 0)
        {
            outcome.Converged = await new Convergence(fleet.Changes, time).MeasureAsync(
                fleet.Healthy,
                Scenario.Settle,
                stop.Token
            );
            display.Note(
                outcome.Converged is { } took
                    ? $"All views hold the last change {took.TotalMilliseconds:0} ms after it"
                    : $"Not all views hold the last change after {Scenario.Settle.TotalSeconds:0} s"
            );
        }

        var surroundings = fleet.Surroundings;
        var reader = new StoreReader(
            http,
            options.Hubs,
            surroundings.Identities,
            surroundings.Subjects,
            surroundings.CallLimit,
            time
        );
        var oracle = new Oracle(reader, fleet.Emulator, surroundings.Subjects, fleet.Records.Violations, time);
        try
        {
            outcome.Oracle = await oracle.CheckAsync(fleet.Healthy, Scenario.Settle, stop.Token);
        }
        catch (HttpRequestException exception)
        {
            stop.Fail(
                $"The store could not be read over REST to check the views ({exception.Message}): the result is "
                    + "unchecked."
            );
        }
    }

    private async Task TidyUpAsync(PreparedFleet fleet, IReadOnlyList<Task> members)
    {
        try
        {
            await Task.WhenAll(members).WaitAsync(StopTimeout, time);
            if (fleet.Emulator is { } emulator && fleet.Changes.Total > 0)
            {
                using var timeout = new CancellationTokenSource(StopTimeout, time);
                var driven = Enumerable
                    .Range(0, fleet.Surroundings.Subjects.Count)
                    .Where(subject => fleet.Changes.LastOf(subject) >= 0);
                await emulator.UnpinAsync(
                    driven.Select(subject => fleet.Surroundings.Subjects.People[subject].Id),
                    timeout.Token
                );
            }
        }
        catch (Exception exception)
            when (exception is TimeoutException or HttpRequestException or OperationCanceledException)
        {
            display.Note($"Tidying up was not finished: {exception.Message}");
        }
    }
}
