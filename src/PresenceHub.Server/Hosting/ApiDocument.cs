using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PresenceHub.Contracts;
using PresenceHub.Server.People;

namespace PresenceHub.Server.Hosting;

/// <summary>What the document says as a whole, and the endpoints that the framework does not describe: health checks
/// and metrics have no method that it could look at.</summary>
internal sealed class ApiDocument : IOpenApiDocumentTransformer
{
    public const string BearerScheme = "bearer";

    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.Info = new OpenApiInfo
        {
            Title = "PresenceHub",
            Version = "1",
            Description = "Presence of Microsoft Teams users, read once. Changes are pushed over SignalR.",
        };

        // The path alone: a cache must not keep a host that a request names.
        document.Servers =
        [
            .. (document.Servers ?? []).Select(server => new OpenApiServer { Url = new Uri(server.Url!).AbsolutePath }),
        ];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "An access token that is granted the hub",
            },
        };
        Add(document, "/health/live", "checkLiveness", "Says whether the process answers", HealthAnswers());
        Add(document, "/health/ready", "checkReadiness", "Says whether the node is ready", HealthAnswers());
        Add(
            document,
            "/metrics",
            "readMetrics",
            "Reads metrics",
            new OpenApiResponses { ["200"] = Answer("Metrics in the format of Prometheus", "text/plain", Text()) }
        );
        Tidy(document);
        return Task.CompletedTask;
    }

    /// <summary>Removes what comes from the code instead of the contract: names of classes as tags, line breaks of
    /// comments, references to other types.</summary>
    private static void Tidy(OpenApiDocument document)
    {
        // Null would change nothing: the setter ignores it.
        document.Tags = new HashSet<OpenApiTag>();
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            operation.Tags = new HashSet<OpenApiTagReference>();
        }

        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            schema.Description = name switch
            {
                nameof(PresenceEntry) => "What the hub knows of one person",
                nameof(WatchResult) => "Entries of the ids that the watcher may see, and the other ids",
                _ => OneLine(schema.Description),
            };
            foreach (var (member, value) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
            {
                value.Description = (name, member) switch
                {
                    (nameof(PresenceEntry), "freshness") =>
                        $"{Freshness.Live}, {Freshness.Stale} or {Freshness.Unknown}; take others as {Freshness.Stale}",
                    (nameof(RejectedSubject), "reason") =>
                        $"{RejectionReason.NotVisible}, {RejectionReason.InvalidId} or {RejectionReason.LimitExceeded}",
                    (nameof(RejectedKey), "reason") =>
                        $"{RejectedKey.NotVisible}, {RejectedKey.InvalidId} or {RejectedKey.InvalidEmail}",
                    (nameof(WatchResult), "entries") => "One per distinct accepted id, in the order of the request",
                    (nameof(WatchResult), "cursor") => "A later Watch over SignalR may continue from here",
                    _ => OneLine(value.Description),
                };
            }
        }
    }

    private static string? OneLine(string? text) =>
        text is null ? null : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static void Add(
        OpenApiDocument document,
        string path,
        string id,
        string summary,
        OpenApiResponses responses
    ) =>
        document.Paths[path] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation>
            {
                [HttpMethod.Get] = new()
                {
                    OperationId = id,
                    Summary = summary,
                    Responses = responses,
                },
            },
        };

    private static OpenApiResponses HealthAnswers() =>
        new()
        {
            ["200"] = Answer("Healthy, or degraded", "application/json", Health()),
            ["503"] = Answer("Not healthy; the body says why", "application/json", Health()),
        };

    private static OpenApiSchema Health() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["status"] = Text(),
                ["failures"] = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Text() },
            },
            Required = new HashSet<string> { "status", "failures" },
        };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiResponse Answer(string description, string contentType, OpenApiSchema schema) =>
        new()
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [contentType] = new OpenApiMediaType { Schema = schema },
            },
        };
}
