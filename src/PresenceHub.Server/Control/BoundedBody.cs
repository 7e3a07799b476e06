namespace PresenceHub.Server.Control;

/// <summary>Reads the body of a request into memory, up to a limit.</summary>
internal static class BoundedBody
{
    private const int ChunkBytes = 4096;

    /// <summary>Null when the body is longer. A body that announces a longer length is not read.</summary>
    public static async Task<ReadOnlyMemory<byte>?> TryReadAsync(
        HttpRequest request,
        int maxBytes,
        CancellationToken cancellationToken
    )
    {
        if (request.ContentLength > maxBytes)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[ChunkBytes];
        int count;
        while ((count = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            body.Write(buffer, 0, count);
            if (body.Length > maxBytes)
            {
                return null;
            }
        }

        return body.ToArray();
    }

    /// <summary>The answer to a body that is longer.</summary>
    public static IResult TooLong(int maxBytes) =>
        Problems.Of(StatusCodes.Status413PayloadTooLarge, $"The body may hold {maxBytes} bytes");
}
