using Microsoft.Extensions.Options;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>An entry is stale when it missed two polls; without polls, when it outlived a subscription that should have
/// renewed it.</summary>
internal sealed class StaleAfterFromPolling(IConfiguration configuration, IOptions<PollingOptions> polling)
    : IPostConfigureOptions<StoreOptions>
{
    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WithoutPolling = TimeSpan.FromMinutes(65);

    public void PostConfigure(string? name, StoreOptions options)
    {
        if (!configuration.GetSection(StoreOptions.SectionName).GetSection(nameof(StoreOptions.StaleAfter)).Exists())
        {
            options.StaleAfter = polling.Value.Enabled ? (2 * polling.Value.Period) + ReadingTime : WithoutPolling;
        }
    }
}
