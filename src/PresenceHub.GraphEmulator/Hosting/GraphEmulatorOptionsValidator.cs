using Microsoft.Extensions.Options;

namespace PresenceHub.GraphEmulator.Hosting;

[OptionsValidator]
internal sealed partial class GraphEmulatorOptionsValidator : IValidateOptions<GraphEmulatorOptions>;
