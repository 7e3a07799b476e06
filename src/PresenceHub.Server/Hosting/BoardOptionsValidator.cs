using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

internal sealed class BoardOptionsValidator(IHostEnvironment environment) : IValidateOptions<BoardOptions>
{
    public ValidateOptionsResult Validate(string? name, BoardOptions options)
    {
        string[] failures = [.. Validate(options)];
        return failures.Length is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Validate(BoardOptions options)
    {
        if (string.IsNullOrEmpty(options.ClientId))
        {
            if (!string.IsNullOrEmpty(options.Scope) || !string.IsNullOrEmpty(options.Authority))
            {
                yield return "Board:ClientId is missing: Board:Scope and Board:Authority have no meaning without it";
            }

            yield break;
        }

        if (!Guid.TryParse(options.ClientId, out _))
        {
            yield return "Board:ClientId must be an application id, a GUID";
        }

        if (string.IsNullOrEmpty(options.Scope))
        {
            yield return "Board:Scope is missing: the scope of the hub, such as api://presence-hub/access";
        }
        else if (options.Scope.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)))
        {
            yield return "Board:Scope must be one scope without spaces, such as api://presence-hub/access";
        }

        if (!string.IsNullOrEmpty(options.Authority) && !IsAuthority(options.Authority))
        {
            yield return "Board:Authority must be an https URL without a query, such as "
                + "https://login.microsoftonline.com/{tenant}";
        }
    }

    // The page sends the codes of sign-ins there.
    private bool IsAuthority(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && environment.IsDevelopment()))
        && uri.Query.Length is 0
        && uri.Fragment.Length is 0
        && uri.UserInfo.Length is 0;
}
