using Microsoft.Extensions.Options;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.WatchLists;

internal static class Quotas
{
    /// <summary>Quotas as a server has them, by default with the product's defaults.</summary>
    public static WatcherQuotas Of(
        WatchListOptions watchLists,
        QuotaOptions? quotas = null,
        TimeProvider? time = null
    ) => new(Options.Create(quotas ?? new QuotaOptions()), Options.Create(watchLists), time ?? TimeProvider.System);
}
