using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Subscriptions;

[OptionsValidator]
internal sealed partial class SubscriptionOptionsValidator : IValidateOptions<SubscriptionOptions>;
