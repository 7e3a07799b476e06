using System.Text.Json;
using System.Text.Json.Nodes;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.Batch;

/// <summary>
/// Splits a $batch and sends each part through the pipeline, quotas and faults as a separate request.
/// </summary>
internal sealed class BatchMiddleware(RequestDelegate next, GraphEmulatorOptions options)
{
    private const string Suffix = "/$batch";

    public async Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!HttpMethods.IsPost(context.Request.Method) || !path.EndsWith(Suffix, StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        if (await ReadAsync(context) is not { } parts)
        {
            await GraphError.BadRequest("BadRequest", "Invalid batch payload format.").ExecuteAsync(context);
            return;
        }

        if (parts.Count > options.Limits.BatchParts)
        {
            await GraphError
                .BadRequest(
                    "BadRequest",
                    $"Number of batch request steps exceeds the maximum value of {options.Limits.BatchParts}."
                )
                .ExecuteAsync(context);
            return;
        }

        var statuses = new Dictionary<string, int>();
        var responses = new JsonArray();
        foreach (var part in parts)
        {
            var mayRun = part.DependsOn.All(id =>
                statuses.TryGetValue(id, out var status) && status < StatusCodes.Status400BadRequest
            );
            var response = !mayRun
                ? BatchPart.FailedDependency(part.Id)
                : await part.SendAsync(context, path[..^Suffix.Length], next);
            statuses[part.Id] = (int)response["status"]!;
            responses.Add((JsonNode)response);
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            new JsonObject { ["responses"] = responses }.ToJsonString(),
            context.RequestAborted
        );
    }

    private static async Task<IReadOnlyList<BatchPart>?> ReadAsync(HttpContext context)
    {
        try
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return body?["requests"] is JsonArray parts
                ? [.. parts.Select(part => BatchPart.Read((part ?? new JsonObject()).AsObject()))]
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
