using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Notifications;

[OptionsValidator]
internal sealed partial class NotificationOptionsValidator : IValidateOptions<NotificationOptions>;
