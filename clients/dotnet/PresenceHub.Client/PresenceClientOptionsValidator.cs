using Microsoft.Extensions.Options;

namespace PresenceHub.Client;

/// <summary>Names the settings that are outside their ranges.</summary>
internal sealed class PresenceClientOptionsValidator : IValidateOptions<PresenceClientOptions>
{
    public ValidateOptionsResult Validate(string? name, PresenceClientOptions options)
    {
        string[] failures =
        [
            .. options
                .FindFailures()
                .Select(failure => $"{PresenceClientOptions.SectionName}:{failure.Name} {failure.Text}."),
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
