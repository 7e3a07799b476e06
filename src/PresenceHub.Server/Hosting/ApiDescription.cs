using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Hosting;

/// <summary>The OpenAPI document of the public HTTP contract, at <c>/openapi/v1.json</c>.</summary>
internal static class ApiDescription
{
    private const long LargestExactInteger = (1L << 53) - 1;

    public static IServiceCollection AddApiDescription(this IServiceCollection services) =>
        services
            .AddOutputCache()
            .AddOpenApi(document =>
            {
                // Graph's webhooks and the administration are no part of the public contract.
                document.ShouldInclude = endpoint =>
                    endpoint.RelativePath is { } path
                    && (
                        path.StartsWith("api/", StringComparison.Ordinal)
                        || path.StartsWith("dev/", StringComparison.Ordinal)
                    );
                document.AddDocumentTransformer<ApiDocument>();
                document.AddOperationTransformer<ApiOperations>();
                document.AddSchemaTransformer(DescribeAsync);
            });

    /// <summary>The document holds nothing of its reader, so it needs no token and any cache may keep it.</summary>
    public static void UseApiDescription(this WebApplication app)
    {
        app.UseOutputCache();
        app.MapOpenApi()
            .AllowAnonymous()
            .CacheOutput(new ApiDescriptionCaching())
            .AddEndpointFilter(
                (context, next) =>
                {
                    context.HttpContext.Response.Headers.CacheControl =
                        $"public, max-age={ApiDescriptionCaching.Lifetime.TotalSeconds:F0}";
                    return next(context);
                }
            );
    }

    private static Task DescribeAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(ProblemDetails))
        {
            DescribeProblem(schema);
        }
        else if (type == typeof(long))
        {
            // The server reads numbers from strings too, and never writes such.
            (schema.Type, schema.Pattern, schema.Format) = (JsonSchemaType.Integer, null, "int64");
            (schema.Minimum, schema.Maximum) = ("0", $"{LargestExactInteger}");
        }
        else if (type == typeof(int))
        {
            (schema.Type, schema.Pattern, schema.Format) = (JsonSchemaType.Integer, null, "int32");
        }
        else if (type == typeof(DateTimeOffset?))
        {
            // A type with a converter of its own has no schema.
            (schema.Type, schema.Format) = (JsonSchemaType.String | JsonSchemaType.Null, "date-time");
        }

        return Task.CompletedTask;
    }

    private static void DescribeProblem(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("What the status means"),
            ["title"] = Text("The status in words"),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = Text("What is wrong, for a person"),
            ["code"] = Text(
                $"A stable code, such as {ErrorCode.InvalidRequest}, {ErrorCode.LimitExceeded}, "
                    + $"{ErrorCode.Unauthorized}, {ErrorCode.TokenExpired} or {ErrorCode.Unavailable}"
            ),
            ["limit"] = Text("With status 429: the quota that is exceeded"),
        };
        schema.Required = new HashSet<string> { "type", "title", "status", "detail", "code" };
    }

    private static OpenApiSchema Text(string description) =>
        new() { Type = JsonSchemaType.String, Description = description };
}
