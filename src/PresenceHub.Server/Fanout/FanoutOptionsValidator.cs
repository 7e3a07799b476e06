using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Fanout;

[OptionsValidator]
internal sealed partial class FanoutOptionsValidator : IValidateOptions<FanoutOptions>;
