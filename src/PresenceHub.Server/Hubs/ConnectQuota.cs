using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Keeps one watcher from using up the connects that a node can open, by negotiating or connecting in a loop. Comes after
/// authentication, since it has to know the watcher.
/// </summary>
internal static class ConnectQuota
{
    public static void UseConnectQuota(this IApplicationBuilder app)
    {
        var quotas = app.ApplicationServices.GetRequiredService<WatcherQuotas>();
        app.Use(async (context, next) =>
        {
            if (ConnectAdmission.OpensConnection(context)
                && WatcherClaims.TryRead(context.User, out var watcher)
                && !quotas.Of(watcher, WatcherClaims.RolesOf(context.User)).Connects.TryTake(1, out var retryAfter))
            {
                await Problems.RetryLater(
                    context,
                    StatusCodes.Status429TooManyRequests,
                    "This user connects too often",
                    retryAfter,
                    QuotaExceededException.Connects).ExecuteAsync(context);
                return;
            }

            await next(context);
        });
    }
}
