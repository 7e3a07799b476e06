using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        string[] failures =
        [
            .. options.KnownProxies.Index().Where(proxy => ProxyOptions.TryParseProxy(proxy.Item) is null).Select(proxy =>
                $"Http:KnownProxies:{proxy.Index} must be an address such as 10.0.0.5, or a network such as 10.0.0.0/8 with no bits beyond its prefix"),
        ];
        return failures.Length is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
