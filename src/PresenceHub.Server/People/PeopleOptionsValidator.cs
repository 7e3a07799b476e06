using Microsoft.Extensions.Options;

namespace PresenceHub.Server.People;

[OptionsValidator]
internal sealed partial class PeopleOptionsValidator : IValidateOptions<PeopleOptions>;
