using Microsoft.Extensions.Options;

namespace PresenceHub.ChatSample;

internal sealed class ChatOptionsValidator : IValidateOptions<ChatOptions>
{
    public ValidateOptionsResult Validate(string? name, ChatOptions options)
    {
        if (!options.Url.IsAbsoluteUri || options.Url.Scheme is not ("http" or "https"))
        {
            return ValidateOptionsResult.Fail("PresenceHub:Url must be an http or https address");
        }

        string?[] tenant = [options.Authority, options.HubScope, options.ChatScope, options.ChatAudience];
        return options.IsTenant && tenant.Any(string.IsNullOrEmpty)
            ? ValidateOptionsResult.Fail(
                "PresenceHub:ClientId is set, so Authority, HubScope, ChatScope and ChatAudience must be set too"
            )
            : ValidateOptionsResult.Success;
    }
}
