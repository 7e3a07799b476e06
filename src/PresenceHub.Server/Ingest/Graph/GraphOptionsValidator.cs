using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Says in one line per setting what is missing or wrong, by the name it has in configuration.</summary>
internal sealed class GraphOptionsValidator(IOptions<NotificationOptions> notifications)
    : IValidateOptions<GraphOptions>
{
    public ValidateOptionsResult Validate(string? name, GraphOptions options)
    {
        string[] failures =
        [
            .. ValidateService(options),
            .. ValidateApplication(options),
            .. ValidateNotifications(options),
            .. ValidateBudget(options),
        ];
        return failures.Length is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> ValidateService(GraphOptions options)
    {
        if (options.Mode is null)
        {
            yield return "Graph:Mode is not set: Tenant reads Microsoft Graph, Emulator the emulator";
        }

        if (
            options.BaseUrl is null
                ? options.Mode is GraphMode.Emulator
                : !IsHttps(options.BaseUrl) || !options.BaseUrl.EndsWith("/v1.0", StringComparison.Ordinal)
        )
        {
            yield return "Graph:BaseUrl must be an https URL that ends in /v1.0";
        }

        if (options.AuthorityHost is null ? options.Mode is GraphMode.Emulator : !IsHttps(options.AuthorityHost))
        {
            yield return "Graph:AuthorityHost must be an https URL";
        }

        if (options.TrustedRootPath is { Length: > 0 } path && !File.Exists(path))
        {
            yield return "Graph:TrustedRootPath names a file that does not exist";
        }
    }

    private static IEnumerable<string> ValidateApplication(GraphOptions options)
    {
        if (!Guid.TryParse(options.TenantId, out _))
        {
            yield return "Graph:TenantId must be the directory (tenant) id, a GUID";
        }

        if (!Guid.TryParse(options.ClientId, out _))
        {
            yield return "Graph:ClientId must be the application (client) id, a GUID";
        }

        if (string.IsNullOrEmpty(options.ClientSecret) && string.IsNullOrEmpty(options.ClientCertificatePath))
        {
            yield return "Graph:ClientSecret or Graph:ClientCertificatePath must be set";
        }

        if (options.ClientCertificatePath is { Length: > 0 } path && !File.Exists(path))
        {
            yield return "Graph:ClientCertificatePath names a file that does not exist";
        }
    }

    private static IEnumerable<string> ValidateBudget(GraphOptions options)
    {
        if (options.RequestsPer30Seconds is < 1 or > 100_000)
        {
            yield return "Graph:RequestsPer30Seconds must be between 1 and 100000";
        }

        if (options.BudgetShare is not (> 0 and <= 1))
        {
            yield return "Graph:BudgetShare must be above 0 and at most 1";
        }
    }

    private static bool IsHttps(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps;

    private IEnumerable<string> ValidateNotifications(GraphOptions options)
    {
        // With its address the hub holds subscriptions as soon as an administrator connects an account.
        if (
            !AreNotificationsEnabled() || (options.Accounts.Count is 0 && string.IsNullOrEmpty(options.NotificationUrl))
        )
        {
            yield break;
        }

        // Graph posts to https only; the emulator can be told to accept http on loopback.
        var mayBeHttp =
            options.Mode is GraphMode.Emulator
            && Uri.TryCreate(options.NotificationUrl, UriKind.Absolute, out var uri)
            && uri.IsLoopback;
        if (!IsHttps(options.NotificationUrl) && !mayBeHttp)
        {
            yield return "Graph:NotificationUrl must be the public https base URL of the hub (or set Notifications:Enabled to false)";
        }

        for (var i = 0; i < options.Accounts.Count; i++)
        {
            if (!Guid.TryParse(options.Accounts[i].UserId, out _))
            {
                yield return $"Graph:Accounts:{i}:UserId must be the object id of the account, a GUID";
            }

            if (options.Mode is GraphMode.Tenant && string.IsNullOrEmpty(options.Accounts[i].RefreshToken))
            {
                yield return $"Graph:Accounts:{i}:RefreshToken must be set";
            }
        }
    }

    private bool AreNotificationsEnabled()
    {
        try
        {
            return notifications.Value.Enabled;
        }
        catch (OptionsValidationException)
        {
            // Its own validator names what is wrong; what is wrong with Graph is named in the same run.
            return true;
        }
    }
}
