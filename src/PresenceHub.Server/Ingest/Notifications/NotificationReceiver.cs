using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Answers Graph's POSTs. Graph drops notifications for good when it is answered slowly: acknowledge first, verify and apply after.
/// No answer depends on a secret, so that a forger learns nothing.
/// </summary>
internal sealed class NotificationReceiver(
    NotificationQueue queue, StoreClock clock, IOptions<NotificationOptions> options, IngestMetrics metrics, TimeProvider time)
{
    private const int MaxValidationTokenLength = 4096;
    private const int InitialBodyBytes = 16 * 1024;
    private const int RetryAfterSeconds = 5;

    private readonly NotificationOptions _options = options.Value;

    public async Task ReceiveAsync(HttpContext context)
    {
        var begun = time.GetTimestamp();
        var answer = await AnswerAsync(context);
        await answer.ExecuteAsync(context);
        metrics.WebhookAnswered(time.GetElapsedTime(begun), context.Response.StatusCode);
    }

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (!_options.Enabled)
        {
            return TypedResults.NotFound();
        }

        if (context.Request.Query.TryGetValue("validationToken", out var validationToken))
        {
            return EchoValidationToken(context.Response, validationToken.ToString());
        }

        if (!IsJson(context.Request.ContentType))
        {
            return Problem(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json");
        }

        try
        {
            // The limit is checked here, also for chunked bodies; the server's own would cut the connection.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = null;
            }

            if (await ReadBodyAsync(context.Request, context.RequestAborted) is not { } body)
            {
                context.Response.Headers.Connection = "close";
                return Problem(StatusCodes.Status413PayloadTooLarge, "The body is too long");
            }

            return Accept(context.Response, body);
        }
        catch (BadHttpRequestException exception)
        {
            return Problem(exception.StatusCode, "The request is malformed");
        }
    }

    private static IResult EchoValidationToken(HttpResponse response, string validationToken)
    {
        if (validationToken.Length is 0 or > MaxValidationTokenLength)
        {
            return Problem(StatusCodes.Status400BadRequest, "validationToken is empty or too long");
        }

        // Anybody can have a text of their choice echoed: no browser may take it for more than text.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'";
        response.Headers.CacheControl = "no-store";
        return TypedResults.Text(validationToken, "text/plain", Encoding.UTF8);
    }

    private IResult Accept(HttpResponse response, ReadOnlyMemory<byte> body)
    {
        if (!NotificationBatch.TryParse(body, clock.Now, out var batch))
        {
            return Problem(StatusCodes.Status400BadRequest, "The body is not a collection of notifications");
        }

        if (!queue.TryEnqueue(batch!))
        {
            metrics.Notified("refused", batch!.Items.Count);
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Problem(StatusCodes.Status503ServiceUnavailable, "Too many notifications wait", ErrorCode.Unavailable);
        }

        metrics.Notified("accepted", batch!.Items.Count);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (type.Charset.Length is 0 || IsUtf8(HeaderUtilities.RemoveQuotes(type.Charset)));

    private static bool IsUtf8(StringSegment charset) =>
        charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when it is longer than allowed.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > _options.MaxBodyBytes)
        {
            return null;
        }

        // Grows with what arrives: a length that is only announced costs no memory.
        var body = new byte[Math.Min(InitialBodyBytes, _options.MaxBodyBytes + 1)];
        var length = 0;
        while (true)
        {
            var read = await request.Body.ReadAsync(body.AsMemory(length), cancellationToken);
            if (read is 0)
            {
                return body.AsMemory(0, length);
            }

            length += read;
            if (length > _options.MaxBodyBytes)
            {
                return null;
            }

            if (length == body.Length)
            {
                Array.Resize(ref body, Math.Min(body.Length * 2, _options.MaxBodyBytes + 1));
            }
        }
    }

    private static ProblemHttpResult Problem(int status, string title, string code = ErrorCode.InvalidRequest) =>
        TypedResults.Problem(statusCode: status, title: title, extensions: new Dictionary<string, object?> { ["code"] = code });
}
