using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

[OptionsValidator]
internal sealed partial class DrainOptionsValidator : IValidateOptions<DrainOptions>;
