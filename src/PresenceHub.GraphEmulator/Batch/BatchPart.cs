using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;

namespace PresenceHub.GraphEmulator.Batch;

/// <summary>One request of a batch.</summary>
internal sealed record BatchPart(string Id, string Method, string Url, string? Body, IReadOnlyList<string> DependsOn)
{
    /// <exception cref="InvalidOperationException">A member is missing or of another type.</exception>
    public static BatchPart Read(JsonObject part) =>
        new(
            Required(part, "id"),
            Required(part, "method"),
            Required(part, "url"),
            part["body"]?.ToJsonString(),
            part["dependsOn"] is JsonArray others ? [.. others.Select(other => other!.GetValue<string>())] : []
        );

    public static JsonObject FailedDependency(string id) =>
        Response(id, StatusCodes.Status424FailedDependency, [], null);

    public async Task<JsonObject> SendAsync(HttpContext batch, string version, RequestDelegate pipeline)
    {
        using var answer = new MemoryStream();
        var context = Context(batch, version, answer);
        await pipeline(context);
        await context.Response.CompleteAsync();
        var headers = new JsonObject();
        foreach (var header in context.Response.Headers)
        {
            headers[header.Key] = header.Value.ToString();
        }

        var text = Encoding.UTF8.GetString(answer.ToArray());
        var isJson = context.Response.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true;
        return Response(
            Id,
            context.Response.StatusCode,
            headers,
            text.Length == 0 ? null
                : isJson ? JsonNode.Parse(text)
                : JsonValue.Create(text)
        );
    }

    private DefaultHttpContext Context(HttpContext batch, string version, Stream answer)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature());
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        var context = new DefaultHttpContext(features)
        {
            RequestServices = batch.RequestServices,
            RequestAborted = batch.RequestAborted,
        };
        var target = Url.Split('?', 2);
        context.Request.Method = Method;
        context.Request.Scheme = batch.Request.Scheme;
        context.Request.Host = batch.Request.Host;
        context.Request.Path = $"{version}/{Uri.UnescapeDataString(target[0]).TrimStart('/')}";
        context.Request.QueryString = target.Length > 1 ? new QueryString("?" + target[1]) : default;
        context.Request.Headers.Authorization = batch.Request.Headers.Authorization;
        if (Body is not null)
        {
            context.Request.ContentType = "application/json";
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(Body));
        }

        return context;
    }

    private static JsonObject Response(string id, int status, JsonObject headers, JsonNode? body)
    {
        var response = new JsonObject
        {
            ["id"] = id,
            ["status"] = status,
            ["headers"] = headers,
        };
        if (body is not null)
        {
            response["body"] = body;
        }

        return response;
    }

    private static string Required(JsonObject part, string name) =>
        part[name]?.GetValue<string>() ?? throw new InvalidOperationException($"A batch request has no {name}.");
}
