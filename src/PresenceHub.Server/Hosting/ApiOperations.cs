using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Hubs.Streams;
using PresenceHub.Server.People;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hosting;

/// <summary>What the framework does not know of an operation: bodies that the hub reads by itself, limits, tokens and
/// examples.</summary>
internal sealed class ApiOperations(IOptions<WatchListOptions> watchLists) : IOpenApiOperationTransformer
{
    private const string ExampleId = "11111111-2222-3333-4444-555555555555";

    private readonly int _maxIds = watchLists.Value.MaxIdsPerCall;

    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(ApiDocument.BearerScheme, context.Document)] = [],
                },
            ];
        }

        switch (operation.OperationId)
        {
            case PresenceEndpoints.ReadPresence:
                DescribeIds(operation);
                AddExample(operation);
                break;
            case PresenceStreamExtensions.StreamPresence:
                DescribeIds(operation);
                DescribeStream(operation);
                break;
            case PresenceEndpoints.ReadPresenceOfMany:
                operation.RequestBody = Body("ids", Ids(), new JsonArray(ExampleId), required: true);
                AddExample(operation);
                break;
            case PeopleEndpoints.FindPeople:
                PeopleOperations.DescribeFind(operation);
                break;
            case PhotoEndpoints.GetPhoto:
                PeopleOperations.DescribePhoto(operation);
                break;
            case DevelopmentEndpoints.CreateToken:
                var watcher = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" };
                operation.RequestBody = Body("watcherId", watcher, ExampleId, required: false);
                break;
        }

        AddProblemExamples(operation);
        return Task.CompletedTask;
    }

    private void DescribeIds(OpenApiOperation operation)
    {
        var ids = (OpenApiParameter)operation.Parameters!.Single(parameter => parameter.Name is "ids");
        ids.Required = true;
        ids.Description =
            $"Object ids, separated by commas: 1 to {_maxIds}. An address holds about 200; more need a body.";
        ids.Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1 };
        ids.Example = ExampleId;
    }

    private void DescribeStream(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters!.OfType<OpenApiParameter>())
        {
            parameter.Description = parameter.Name switch
            {
                "cursor" => "A cursor of the same ids: the snapshot leaves out what is live and unchanged since",
                "Last-Event-ID" => "The id of the last event that had one; takes precedence over cursor",
                _ =>
                    $"Object ids, separated by commas: 1 to {_maxIds}. An address holds about 200, fewer beside a token.",
            };
        }

        SetExample(operation, "200", "event: revoked\ndata: [\"" + ExampleId + "\"]\n\n");
    }

    private OpenApiSchema Ids() =>
        new()
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.String },
            MaxItems = _maxIds,
            Description = $"Object ids: at most {_maxIds}",
        };

    private static OpenApiRequestBody Body(string member, OpenApiSchema schema, JsonNode example, bool required) =>
        new()
        {
            Required = required,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema> { [member] = schema },
                        Required = required ? new HashSet<string> { member } : null,
                    },
                    Example = new JsonObject { [member] = example },
                },
            },
        };

    private static void AddExample(OpenApiOperation operation) =>
        SetExample(
            operation,
            "200",
            JsonNode.Parse(
                $$"""
                {
                  "entries": [{
                    "id": "{{ExampleId}}", "availability": "Busy", "activity": "InAMeeting", "freshness": "live",
                    "since": "2026-01-01T09:00:00.000Z", "observedAt": "2026-01-01T09:05:00.000Z",
                    "epoch": 1767225600000000, "revision": 1767258000000000
                  }],
                  "rejected": [{ "id": "me", "reason": "invalidId" }],
                  "cursor": "opaque"
                }
                """
            )!
        );

    private static void AddProblemExamples(OpenApiOperation operation)
    {
        foreach (var status in operation.Responses!.Keys.Where(status => status[0] is '4' or '5'))
        {
            var number = int.Parse(status, CultureInfo.InvariantCulture);
            var standard = TypedResults.Problem(statusCode: number).ProblemDetails;
            var problem = new JsonObject
            {
                ["type"] = standard.Type,
                ["title"] = standard.Title,
                ["status"] = number,
                ["detail"] = "What is wrong, in words",
                ["code"] = Problems.CodeOf(number),
            };
            if (number is StatusCodes.Status429TooManyRequests)
            {
                problem["limit"] = "idsPerSecond";
            }

            SetExample(operation, status, problem);
            if (RetryLaterAnswer.IsDueFor(number) && operation.Responses[status] is OpenApiResponse response)
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeader
                    {
                        Description = "Seconds to wait, plus jitter",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                    },
                };
            }
        }
    }

    internal static void SetExample(OpenApiOperation operation, string status, JsonNode example)
    {
        foreach (var content in operation.Responses![status].Content!.Values.OfType<OpenApiMediaType>())
        {
            content.Example = example;
        }
    }
}
