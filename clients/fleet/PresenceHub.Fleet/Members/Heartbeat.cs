namespace PresenceHub.Fleet.Members;

/// <summary>
/// Pings for all light connections, a share of them each second, so that they do not all ping at once.
/// </summary>
internal sealed class Heartbeat(IReadOnlyList<LightMember> members, TimeProvider time)
{
    /// <summary>SignalR's ping interval; the hub closes a client that is silent for twice as long.</summary>
    private const int Slots = 15;

    /// <summary>A hub that is silent for this long is gone; it pings every 15 s itself.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        for (var slot = 0; await WaitAsync(timer, stoppingToken); slot = (slot + 1) % Slots)
        {
            for (var number = slot; number < members.Count; number += Slots)
            {
                await PingAsync(members[number], stoppingToken);
            }
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task PingAsync(LightMember member, CancellationToken stoppingToken)
    {
        if (member.Connection is not { } connection)
        {
            return;
        }

        try
        {
            // A stuck reader does not look at what the hub sends.
            if (member.Identity.Kind is MemberKind.Healthy && time.GetElapsedTime(connection.LastReceivedAt) > Silence)
            {
                connection.Abort();
                return;
            }

            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            timeout.CancelAfter(PingTimeout);
            await connection.PingAsync(timeout.Token);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            connection.Abort();
        }
    }
}
