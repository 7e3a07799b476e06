using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class TokenAuthenticationTests
{
    private const string ClientId = "c11e0000-0000-4000-8000-00000000c0de";

    [Theory]
    [InlineData("C11E0000-0000-4000-8000-00000000C0DE")]
    [InlineData("{c11e0000-0000-4000-8000-00000000c0de}")]
    [InlineData("api://C11E0000-0000-4000-8000-00000000c0de")]
    public void AudiencesOf_ClientIdInAnyForm_AreBothFormsThatTokensCarry(string setting)
    {
        Assert.Equal([ClientId, $"api://{ClientId}"], TokenAuthentication.AudiencesOf(setting));
    }

    [Fact]
    public void AudiencesOf_ApplicationIdUri_IsThatAlone()
    {
        Assert.Equal(["api://Presence-Hub"], TokenAuthentication.AudiencesOf("api://Presence-Hub"));
    }

    [Fact]
    public void ReasonOf_AnswerOfAStrangeServer_IsTheStartOfItsFirstLine()
    {
        var answer = new IOException($"Answered '{new string('x', 5000)}'");

        Assert.Equal(200, AuthorityKeys.ReasonOf(new InvalidOperationException("No configuration", answer)).Length);
        Assert.Equal("Answered", AuthorityKeys.ReasonOf(new IOException("Answered\r\n<html>")));
        Assert.Equal(" [31mred   tail", AuthorityKeys.ReasonOf(new IOException("\u001b[31mred\u0085\u202e\u2028tail")));
    }

    [Fact]
    public void Bearer_SchemeConfiguredForTheFramework_ChangesNoCheckOfTokens()
    {
        var bearer = BearerOf(
            Environments.Production,
            ("Authentication:Authority", "https://issuer.example/v2.0"),
            ("Authentication:Audience", ClientId),
            ("Authentication:Schemes:Bearer:Authority", "https://other.example"),
            ("Authentication:Schemes:Bearer:ValidAudiences:0", "api://other"),
            ("Authentication:Schemes:Bearer:ValidIssuer", "https://other.example"),
            ("Authentication:Schemes:Bearer:SaveToken", "true"),
            ("Authentication:Schemes:Bearer:RequireHttpsMetadata", "false")
        );

        var checks = bearer.TokenValidationParameters;
        Assert.Equal([ClientId, $"api://{ClientId}"], checks.ValidAudiences);
        Assert.True(
            checks is { ValidateAudience: true, ValidateIssuer: true, ValidateLifetime: true, ValidIssuer: null }
        );
        Assert.Empty(checks.ValidIssuers ?? []);
        Assert.Equal(["RS256"], checks.ValidAlgorithms);
        Assert.Equal("https://issuer.example/v2.0", bearer.Authority);
        Assert.True(bearer is { SaveToken: false, RequireHttpsMetadata: true });
    }

    [Fact]
    public void Bearer_AuthorityOverHttpInDevelopment_CanBeUsed()
    {
        var bearer = BearerOf(
            Environments.Development,
            ("Authentication:Authority", "http://localhost:5090/v2.0"),
            ("Authentication:Audience", ClientId)
        );

        Assert.Equal("http://localhost:5090/v2.0/.well-known/openid-configuration", bearer.MetadataAddress);
    }

    [Theory]
    [InlineData("IDX10214: Audience validation failed.", "IDX10214")]
    [InlineData("IDXsecret: something", "InvalidOperationException")]
    [InlineData("Something else", "InvalidOperationException")]
    public void CodeOf_Failure_IsTheLibraryCodeOrTheType(string message, string expected)
    {
        Assert.Equal(expected, Authority.CodeOf(new InvalidOperationException(message)));
    }

    /// <summary>The settings of the bearer scheme as a server has them.</summary>
    private static JwtBearerOptions BearerOf(string environment, params (string Name, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value)
                )
                .Build()
        );
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment });
        services.AddLogging().AddMetrics().AddSingleton(TimeProvider.System).AddWatchHub();
        using var provider = services.BuildServiceProvider();
        return provider
            .GetRequiredService<IOptionsMonitor<JwtBearerOptions>>()
            .Get(JwtBearerDefaults.AuthenticationScheme);
    }
}
