using Microsoft.Extensions.Options;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// What the board's page needs to know before its user is signed in, at <c>/config.json</c>:
/// <c>{ "signIn": { "clientId", "authority", "scope" }, "subjectsPerConnection" }</c>, or <c>null</c> for
/// <c>signIn</c>.
/// </summary>
internal static class BoardConfiguration
{
    /// <summary>Changed settings are seen after this time at the latest.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddBoard(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<BoardOptions>, BoardOptionsValidator>();
        services.AddOptions<BoardOptions>().BindConfiguration(BoardOptions.SectionName).ValidateOnStart();
        return services;
    }

    public static void MapBoardConfiguration(this WebApplication app)
    {
        var signIn = BoardSignIn.From(app.Services);
        var lists = app.Services.GetRequiredService<IOptions<WatchListOptions>>().Value;
        var configuration = new { signIn, subjectsPerConnection = lists.MaxSubjectsPerConnection };
        app.MapGet("/config.json", (HttpResponse response) =>
            {
                response.Headers.CacheControl = $"public, max-age={Lifetime.TotalSeconds:F0}";
                response.Headers.XContentTypeOptions = "nosniff";
                return TypedResults.Ok(configuration);
            })
            .AllowAnonymous()
            .ExcludeFromDescription();
    }
}
