using PresenceHub.Client;
using PresenceHub.Contracts;
using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Members;

/// <summary>The hub calls of one light member. A call that the hub answers <c>unavailable</c> is repeated.</summary>
internal sealed class MemberCalls(MemberView view, FleetSurroundings fleet, Random random)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Watches the whole list, in calls of the size that the hub takes.</summary>
    /// <returns>The cursor of the first answer.</returns>
    public async Task<string?> WatchAllAsync(
        LightHubConnection connection,
        string? cursor,
        CancellationToken cancellationToken
    )
    {
        string? next = null;
        await fleet.CallLimit.SplitAsync([.. view.Subjects], async part =>
        {
            var result = await WatchAsync(connection, part, cursor, cancellationToken);
            next ??= result.Cursor;
        });
        return next;
    }

    public Task<CallResult> WatchAsync(
        LightHubConnection connection,
        int[] subjects,
        string? cursor,
        CancellationToken cancellationToken
    )
    {
        var ids = subjects.Select(fleet.Subjects.TextOf).ToArray();
        return RepeatAsync(
            () =>
            {
                view.Asked(subjects, boundToHeld: cursor is not null);
                return connection.WatchAsync(ids, cursor, cancellationToken);
            },
            cancellationToken
        );
    }

    public Task<CallResult> UnwatchAsync(
        LightHubConnection connection,
        int subject,
        CancellationToken cancellationToken
    ) =>
        RepeatAsync(
            () => connection.UnwatchAsync([fleet.Subjects.TextOf(subject)], cancellationToken),
            cancellationToken
        );

    // Any error other than unavailable ends the connection.
    private async Task<CallResult> RepeatAsync(Func<Task<CallResult>> call, CancellationToken cancellationToken)
    {
        var records = fleet.Account.Records;
        var backoff = new Backoff(FirstPause, LongestPause, random);
        while (true)
        {
            var sent = fleet.Time.GetTimestamp();
            var result = await call();
            if (result.Code is null)
            {
                records.Counters.Calls.Increment();
                records.Latencies.Watch.Record(sent, fleet.Time.GetTimestamp());
                return result;
            }

            if (result.Code is not ErrorCode.Unavailable)
            {
                throw new HubCallException(result.Code, result.Error!);
            }

            records.Counters.Unavailable.Increment();
            await Task.Delay(backoff.Next(RetryAfter.OfMessage(result.Error!)), fleet.Time, cancellationToken);
        }
    }
}
