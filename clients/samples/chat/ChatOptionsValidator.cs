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

        if (!options.IsTenant)
        {
            return ValidateOptionsResult.Success;
        }

        string?[] tenant = [options.Authority, options.HubScope, options.ChatScope, options.ChatAudience];
        if (tenant.Any(string.IsNullOrEmpty))
        {
            return ValidateOptionsResult.Fail(
                "PresenceHub:ClientId is set, so Authority, HubScope, ChatScope and ChatAudience must be set too"
            );
        }

        return Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority) && authority.Scheme is "https"
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "PresenceHub:Authority must be an https address, such as "
                    + "https://login.microsoftonline.com/{tenant id}/v2.0"
            );
    }
}
