using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Answers Graph's POSTs. Graph drops notifications for good when the answers are slow: acknowledge first, verify and
/// apply after. The answers depend on no secret but the URL, so a caller that knows the URL learns nothing else.
/// </summary>
internal sealed class NotificationReceiver(
    NotificationGate gate,
    NotificationBodies bodies,
    NotificationQueue queue,
    StoreClock clock,
    IOptions<NotificationOptions> options,
    IngestMetrics metrics,
    TimeProvider time
)
{
    public const string SegmentName = "segment";
    private const int MaxValidationTokenLength = 4096;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
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
        var gateAnswer = _options.Enabled
            ? gate.Check(context.Request.RouteValues[SegmentName] as string)
            : GateAnswer.Closed;
        var isValidation = context.Request.Query.TryGetValue("validationToken", out var validationToken);
        switch (gateAnswer)
        {
            // Graph validates a URL only when a subscription is created, and this version creates none without a
            // segment.
            case GateAnswer.OpenToFormerVersion when isValidation:
            case GateAnswer.Closed:
                // The body is not read.
                context.Response.Headers.Connection = "close";
                return TypedResults.NotFound();
            case GateAnswer.NotReady:
                context.Response.Headers.Connection = "close";
                return RetryLater("The server is starting");
        }

        if (isValidation)
        {
            return EchoValidationToken(context.Response, validationToken.ToString());
        }

        if (!IsJson(context.Request.ContentType))
        {
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json");
        }

        try
        {
            // The limit is checked here, also for chunked bodies. The limit of the server would close the connection.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = null;
            }

            using var body = await bodies.ReadAsync(
                context.Request,
                gateAnswer is GateAnswer.OpenToFormerVersion,
                context.RequestAborted
            );
            switch (body.Outcome)
            {
                case BodyOutcome.TooLong:
                    context.Response.Headers.Connection = "close";
                    return Problems.Of(StatusCodes.Status413PayloadTooLarge, "The body is too long");
                case BodyOutcome.TooSlow:
                    context.Response.Headers.Connection = "close";
                    return RetryLater("The body did not arrive in time");
                default:
                    return Accept(body.Bytes, gateAnswer);
            }
        }
        catch (BadHttpRequestException exception)
        {
            return Problems.Of(exception.StatusCode, "The request is malformed");
        }
    }

    private static IResult EchoValidationToken(HttpResponse response, string validationToken)
    {
        if (validationToken.Length is 0 or > MaxValidationTokenLength)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "validationToken is empty or too long");
        }

        // The caller chooses the echoed text: no browser may interpret it as anything but plain text.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'";
        response.Headers.CacheControl = "no-store";
        return TypedResults.Text(validationToken, "text/plain", Encoding.UTF8);
    }

    private IResult Accept(ReadOnlyMemory<byte> body, GateAnswer gateAnswer)
    {
        bool IsAuthentic(ItemProof proof)
        {
            var flaw = gate.FindFlaw(proof, gateAnswer);
            if (flaw is not null)
            {
                metrics.Notified(flaw);
            }

            return flaw is null;
        }

        if (!NotificationBatch.TryParse(body, clock.Now, IsAuthentic, out var batch))
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "The body is not a collection of notifications");
        }

        if (batch!.Items.Count > 0 && !queue.TryEnqueue(batch with { Timestamp = time.GetTimestamp() }))
        {
            metrics.Notified("refused", batch.Items.Count);
            return RetryLater("Too many notifications are queued");
        }

        metrics.Notified("malformed", batch.Malformed);
        metrics.Notified("accepted", batch.Items.Count);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    private static IResult RetryLater(string detail) =>
        Problems.RetryLater(StatusCodes.Status503ServiceUnavailable, detail, RetryAfter);

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (type.Charset.Length is 0 || IsUtf8(HeaderUtilities.RemoveQuotes(type.Charset)));

    private static bool IsUtf8(StringSegment charset) =>
        charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);
}
