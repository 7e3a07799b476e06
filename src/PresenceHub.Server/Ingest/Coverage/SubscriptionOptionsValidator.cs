using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Coverage;

[OptionsValidator]
internal sealed partial class SubscriptionOptionsValidator : IValidateOptions<SubscriptionOptions>;
