using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

public sealed class GraphOptionsValidatorTests
{
    [Fact]
    public void Validate_Complete_Succeeds() => Assert.Empty(Validate(_ => { }));

    [Fact]
    public void Validate_TenantModeWithoutAddresses_UsesMicrosofts()
    {
        var options = GraphSettings.Create();
        (options.Mode, options.BaseUrl, options.AuthorityHost) = (GraphMode.Tenant, null, null);
        options.Accounts[0].RefreshToken = "token";
        Assert.Equal("https://graph.microsoft.com/v1.0", options.ServiceUri.ToString());
        Assert.True(options.IsMicrosoftAuthority);
        Assert.True(
            new GraphOptionsValidator(Options.Create(new NotificationOptions())).Validate(null, options).Succeeded
        );
    }

    public static TheoryData<string, Action<object>> Mistakes() =>
        new()
        {
            { "Graph:Mode", With(options => options.Mode = null) },
            { "Graph:BaseUrl", With(options => options.BaseUrl = "https://graph.microsoft.com") },
            { "Graph:BaseUrl", With(options => options.BaseUrl = "http://graph.microsoft.com/v1.0") },
            { "Graph:BaseUrl", With(options => options.BaseUrl = null) },
            { "Graph:AuthorityHost", With(options => options.AuthorityHost = "localhost") },
            { "Graph:AuthorityHost", With(options => options.AuthorityHost = null) },
            { "Graph:TenantId", With(options => options.TenantId = "contoso") },
            { "Graph:ClientId", With(options => options.ClientId = null) },
            { "Graph:ClientSecret", With(options => options.ClientSecret = null) },
            { "Graph:ClientCertificatePath", With(options => options.ClientCertificatePath = "/nowhere.pfx") },
            { "Graph:TrustedRootPath", With(options => options.TrustedRootPath = "/nowhere.pem") },
            { "Graph:NotificationUrl", With(options => options.NotificationUrl = null) },
            { "Graph:NotificationUrl", With(options => options.NotificationUrl = "http://hub.example") },
            {
                "Graph:NotificationUrl",
                With(options =>
                {
                    options.Accounts.Clear();
                    options.NotificationUrl = "http://hub.example";
                })
            },
            { "Graph:Accounts:0:UserId", With(options => options.Accounts[0].UserId = "not-an-id") },
            { "Graph:RequestsPer30Seconds", With(options => options.RequestsPer30Seconds = 0) },
            { "Graph:BudgetShare", With(options => options.BudgetShare = 0) },
            { "Graph:BudgetShare", With(options => options.BudgetShare = double.NaN) },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Validate_OneMistake_IsOneLineThatNamesTheSetting(string setting, Action<object> mistake)
    {
        var failure = Assert.Single(Validate(mistake));
        Assert.StartsWith(setting + " ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure);
    }

    [Fact]
    public void Validate_TenantModeWithoutRefreshToken_NamesTheAccount() =>
        Assert.StartsWith(
            "Graph:Accounts:0:RefreshToken ",
            Assert.Single(Validate(With(options => options.Mode = GraphMode.Tenant))),
            StringComparison.Ordinal
        );

    [Fact]
    public void Validate_NotificationsOff_AsksForNoNotificationUrl()
    {
        var options = GraphSettings.Create();
        options.NotificationUrl = null;
        var validator = new GraphOptionsValidator(Options.Create(new NotificationOptions { Enabled = false }));
        Assert.True(validator.Validate(null, options).Succeeded);
    }

    private static Action<object> With(Action<GraphOptions> change) => options => change((GraphOptions)options);

    private static IEnumerable<string> Validate(Action<object> change)
    {
        var options = GraphSettings.Create();
        change(options);
        return new GraphOptionsValidator(Options.Create(new NotificationOptions())).Validate(null, options).Failures
            ?? [];
    }
}
