using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Store;

[OptionsValidator]
internal sealed partial class StoreOptionsValidator : IValidateOptions<StoreOptions>;
