using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PresenceHub.Client.Azure;

/// <summary>Takes the hub's tokens from a <see cref="TokenCredential"/>.</summary>
public static class TokenCredentialExtensions
{
    /// <summary>
    /// Sets <see cref="PresenceClientOptions.AccessTokenFactory"/>. The credential keeps its tokens and replaces each
    /// in time before its end. It has no way to replace one that the hub has refused before that: the client then
    /// tries again once a minute.
    /// </summary>
    /// <param name="options">The options of the client.</param>
    /// <param name="credential">For instance a <c>DefaultAzureCredential</c>.</param>
    /// <param name="scope">The scope of the hub: <c>api://presence-hub/.default</c> for an application.</param>
    public static void UseTokenCredential(this PresenceClientOptions options, TokenCredential credential, string scope)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentException.ThrowIfNullOrWhiteSpace(scope);
        options.AccessTokenFactory = async request =>
        {
            var token = await credential
                .GetTokenAsync(new TokenRequestContext([scope]), request.CancellationToken)
                .ConfigureAwait(false);
            return token.Token;
        };
    }

    /// <summary>As <see cref="UseTokenCredential(PresenceClientOptions, TokenCredential, string)"/>, with the
    /// credential that the application has registered as a service.</summary>
    /// <param name="options">What <see cref="PresenceClientExtensions.AddPresenceClient"/> returns.</param>
    /// <param name="scope">The scope of the hub: <c>api://presence-hub/.default</c> for an application.</param>
    public static OptionsBuilder<PresenceClientOptions> UseTokenCredential(
        this OptionsBuilder<PresenceClientOptions> options,
        string scope
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(scope);
        return options.Configure<IServiceProvider>(
            (client, services) => client.UseTokenCredential(services.GetRequiredService<TokenCredential>(), scope)
        );
    }
}
