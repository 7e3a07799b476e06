using System.Text.Json;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hubs;

/// <summary>Reads the body of <c>POST /api/presence</c>, and says what is wrong with it.</summary>
internal static class PresenceRequestReader
{
    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = 8 };

    public static async Task<(IReadOnlyList<string?>? Ids, IResult? Problem)> ReadAsync(
        HttpRequest request,
        int maxBytes,
        CancellationToken cancellationToken
    )
    {
        if (!request.HasJsonContentType())
        {
            return (null, Problems.Of(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json"));
        }

        if (await BoundedBody.TryReadAsync(request, maxBytes, cancellationToken) is not { } body)
        {
            return (null, BoundedBody.TooLong(maxBytes));
        }

        try
        {
            using var document = JsonDocument.Parse(body, DocumentOptions);
            return
                document.RootElement.ValueKind is JsonValueKind.Object
                && document.RootElement.TryGetProperty("ids", out var ids)
                ? ReadIds(ids)
                : (null, Malformed("ids must be an array of strings"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair is well-formed JSON, but no text: it is refused when it is read.
            return (null, Malformed("The body is not JSON"));
        }
    }

    private static (IReadOnlyList<string?>? Ids, IResult? Problem) ReadIds(JsonElement ids)
    {
        if (ids.ValueKind is not JsonValueKind.Array)
        {
            return (null, Malformed("ids must be an array of strings"));
        }

        var read = new List<string?>(ids.GetArrayLength());
        foreach (var id in ids.EnumerateArray())
        {
            if (id.ValueKind is not JsonValueKind.String)
            {
                return (null, Malformed($"ids[{read.Count}] must be a string"));
            }

            read.Add(id.GetString());
        }

        return (read, null);
    }

    private static IResult Malformed(string detail) => Problems.Of(StatusCodes.Status400BadRequest, detail);
}
