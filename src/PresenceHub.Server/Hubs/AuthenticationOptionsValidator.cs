using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hubs;

[OptionsValidator]
internal sealed partial class AuthenticationOptionsValidator : IValidateOptions<AuthenticationOptions>;
