using StackExchange.Redis;

namespace PresenceHub.Server.WatchLists;

/// <summary>Keeps the <see cref="UnknownSubjects"/> of this node subscribed.</summary>
internal sealed class UnknownSubjectsFollower(UnknownNotices notices, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                var messages = await notices.SubscribeAsync().WaitAsync(stoppingToken);
                try
                {
                    await messages.Completion.WaitAsync(stoppingToken);
                }
                finally
                {
                    await messages.UnsubscribeAsync(CommandFlags.FireAndForget);
                }
            }
            catch (Exception exception)
                when (exception is RedisException or TimeoutException or ObjectDisposedException)
            {
                // Redis is away, which other components report. Until it is back Graph is not read, so no subject
                // becomes unknown.
            }

            await Task.Delay(RetryDelay, time, stoppingToken);
        }
    }
}
