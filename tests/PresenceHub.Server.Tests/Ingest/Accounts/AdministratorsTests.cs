using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Server.Ingest.Accounts;
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
    public async Task Policy_RolesOfTheToken_LetAdministratorsInOnly(bool allowed, params string[] roles) =>
        Assert.Equal(allowed, await IsAllowedAsync(new ClaimsIdentity(
            [new Claim("tid", GraphSettings.TenantId), .. roles.Select(role => new Claim("roles", role))], "Bearer")));

    [Fact]
    public async Task Policy_AdministratorOfAnotherTenant_IsRefused() =>
        Assert.False(await IsAllowedAsync(new ClaimsIdentity([new Claim("tid", OtherTenant), new Claim("roles", Administrators.Role)], "Bearer")));

    [Fact]
    public async Task Policy_ClaimsWithoutASignIn_AreRefused() =>
        Assert.False(await IsAllowedAsync(new ClaimsIdentity([new Claim("tid", GraphSettings.TenantId), new Claim("roles", Administrators.Role)])));

    private static async Task<bool> IsAllowedAsync(ClaimsIdentity identity)
    {
        await using var services = new ServiceCollection().AddLogging().AddAuthorizationCore().BuildServiceProvider();
        var result = await services.GetRequiredService<IAuthorizationService>()
            .AuthorizeAsync(new ClaimsPrincipal(identity), Administrators.Policy(GraphSettings.Create()));
        return result.Succeeded;
    }
}
