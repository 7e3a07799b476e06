namespace PresenceHub.GraphEmulator.Control;

/// <summary>The OpenAPI document of the control API. For the paths of Graph there is that of Microsoft.</summary>
internal static class ControlDescription
{
    private const string Path = "/emulator/openapi.json";

    public static void AddControlDescription(this IServiceCollection services)
    {
        services.AddOpenApi(openApi =>
        {
            openApi.ShouldInclude = endpoint =>
                endpoint.RelativePath?.StartsWith("emulator", StringComparison.Ordinal) == true;
            openApi.AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info.Title = "Graph emulator control API";
                    return Task.CompletedTask;
                }
            );
        });
    }

    public static void MapControlDescription(this IEndpointRouteBuilder app) => app.MapOpenApi(Path);
}
