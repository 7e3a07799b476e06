using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

internal sealed partial class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        string[] failures =
        [
            .. options
                .KnownProxies.Index()
                .Where(proxy => ProxyOptions.TryParseProxy(proxy.Item) is null)
                .Select(proxy =>
                    $"Http:KnownProxies:{proxy.Index} must be an address such as 10.0.0.5, or a network such as 10.0.0.0/8"
                ),
            .. ValidatePathBase(options.PathBase),
        ];
        return failures.Length is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> ValidatePathBase(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            yield break;
        }

        if (!PathForm().IsMatch(path))
        {
            yield return "Http:PathBase must be a path such as /presence: it begins with a slash and does not end with one";
        }
        else if (PathPrefix.OwnSegments.Contains(path.Split('/')[1], StringComparer.OrdinalIgnoreCase))
        {
            yield return $"Http:PathBase must not begin with /{path.Split('/')[1]}: the hub itself has paths below it";
        }
    }

    [GeneratedRegex(@"^(/(?!\.\.?(/|\z))[A-Za-z0-9._~-]+)+\z")]
    private static partial Regex PathForm();
}
