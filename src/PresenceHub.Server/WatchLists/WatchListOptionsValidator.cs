using Microsoft.Extensions.Options;

namespace PresenceHub.Server.WatchLists;

[OptionsValidator]
internal sealed partial class WatchListOptionsValidator : IValidateOptions<WatchListOptions>;
