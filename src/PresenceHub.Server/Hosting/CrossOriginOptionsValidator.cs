using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

internal sealed class CrossOriginOptionsValidator : IValidateOptions<CrossOriginOptions>
{
    public ValidateOptionsResult Validate(string? name, CrossOriginOptions options)
    {
        string[] failures =
        [
            .. options
                .AllowedOrigins.Index()
                .Where(origin => WebOrigin.TryParse(origin.Item) is null)
                .Select(origin =>
                    $"Http:AllowedOrigins:{origin.Index} must be an origin such as https://intranet.example: no path, no wildcard"
                ),
        ];
        return failures.Length is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
