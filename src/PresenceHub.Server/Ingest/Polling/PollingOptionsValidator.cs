using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Polling;

[OptionsValidator]
internal sealed partial class PollingOptionsValidator : IValidateOptions<PollingOptions>;
