using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hubs;

[OptionsValidator]
internal sealed partial class AuthenticationRequiredValidator : IValidateOptions<AuthenticationOptions>;

/// <summary>Checks for missing settings, and for settings that would admit all clients or none.</summary>
internal sealed class AuthenticationOptionsValidator(IHostEnvironment environment)
    : IValidateOptions<AuthenticationOptions>
{
    private readonly AuthenticationRequiredValidator _required = new();

    public ValidateOptionsResult Validate(string? name, AuthenticationOptions options)
    {
        string[] failures =
        [
            .. _required.Validate(name, options).Failures ?? [],
            .. ValidateAuthority(options.Authority),
            .. ValidateNames(nameof(options.RequiredScopes), options.RequiredScopes),
            .. ValidateNames(nameof(options.RequiredRoles), options.RequiredRoles),
        ];
        return failures.Length is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> ValidateAuthority(string authority)
    {
        // Keys that are fetched over http can be replaced in transit, and then any token can be forged.
        if (
            authority is { Length: > 0 }
            && !(
                Uri.TryCreate(authority, UriKind.Absolute, out var uri)
                && (
                    uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && environment.IsDevelopment())
                )
            )
        )
        {
            yield return "Authentication:Authority must be an https URL";
        }
    }

    private static IEnumerable<string> ValidateNames(string setting, string[]? names) =>
        (names ?? [])
            .Index()
            .Where(name => string.IsNullOrWhiteSpace(name.Item) || name.Item.Any(char.IsWhiteSpace))
            .Select(name => $"Authentication:{setting}:{name.Index} must be a name without spaces");
}
