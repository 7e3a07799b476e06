using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PresenceHub.Client.Azure;

namespace PresenceHub.Client.Tests.Hosting;

public sealed class TokenCredentialTests
{
    [Fact]
    public async Task UseTokenCredential_RegisteredCredential_IsAskedForTheScope()
    {
        using var host = AddPresenceClientTests.NewHost(new() { ["Url"] = "https://hub.test/" }, services =>
        {
            services.AddSingleton<TokenCredential>(
                DelegatedTokenCredential.Create(
                    (request, _) => new AccessToken($"for {request.Scopes.Single()}", DateTimeOffset.MaxValue)
                )
            );
            services.AddPresenceClient().UseTokenCredential("api://presence-hub/.default");
        });
        var options = host.Services.GetRequiredService<IOptions<PresenceClientOptions>>().Value;
        Assert.Equal(
            "for api://presence-hub/.default",
            await options.AccessTokenFactory!(new TokenRequest(Refresh: false, CancellationToken.None))
        );
    }
}
