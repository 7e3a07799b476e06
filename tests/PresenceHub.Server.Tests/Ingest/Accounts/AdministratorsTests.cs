using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Accounts;

public sealed class AdministratorsTests
{
    private static readonly string OtherTenant = Guid.NewGuid().ToString();

    [Theory]
    [InlineData(true, "PresenceHub.Admin")]
    [InlineData(true, "Other", "PresenceHub.Admin")]
    [InlineData(false)]
    [InlineData(false, "Other")]
    [InlineData(false, "presencehub.admin")]
    public async Task Policy_RolesOfTheToken_AdmitOnlyAdministrators(bool allowed, params string[] roles) =>
        Assert.Equal(
            allowed,
            await IsAllowedAsync(
                new ClaimsIdentity(
                    [new Claim("tid", GraphSettings.TenantId), .. roles.Select(role => new Claim("roles", role))],
                    "Bearer"
                )
            )
        );

    [Fact]
    public async Task Policy_AdministratorOfAnotherTenant_IsRefused() =>
        Assert.False(
            await IsAllowedAsync(
                new ClaimsIdentity([new Claim("tid", OtherTenant), new Claim("roles", Administrators.Role)], "Bearer")
            )
        );

    [Fact]
    public async Task Policy_ClaimsWithoutASignIn_AreRefused() =>
        Assert.False(
            await IsAllowedAsync(
                new ClaimsIdentity([new Claim("tid", GraphSettings.TenantId), new Claim("roles", Administrators.Role)])
            )
        );

    [Theory]
    [InlineData("Tenant", false)]
    [InlineData("Emulator", true)]
    [InlineData("emulator", true)]
    [InlineData(null, false)]
    public async Task AddAdministrators_Mode_AddsTheCookieOnlyForTheEmulator(string? mode, bool exists)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Graph:Mode", mode)]).Build();
        var collection = new ServiceCollection().AddLogging();
        collection.AddAuthentication();
        await using var services = collection.AddAdministrators(configuration).BuildServiceProvider();

        var schemes = await services.GetRequiredService<IAuthenticationSchemeProvider>().GetAllSchemesAsync();

        Assert.Equal(exists, schemes.Any(scheme => scheme.Name == Administrators.CookieScheme));
        var graph = GraphSettings.Create();
        graph.Mode = mode is null ? null : Enum.Parse<GraphMode>(mode, ignoreCase: true);
        Assert.Equal(exists, Administrators.Policy(graph).AuthenticationSchemes.Contains(Administrators.CookieScheme));
    }

    private static async Task<bool> IsAllowedAsync(ClaimsIdentity identity)
    {
        await using var services = new ServiceCollection().AddLogging().AddAuthorizationCore().BuildServiceProvider();
        var result = await services
            .GetRequiredService<IAuthorizationService>()
            .AuthorizeAsync(new ClaimsPrincipal(identity), Administrators.Policy(GraphSettings.Create()));
        return result.Succeeded;
    }
}
