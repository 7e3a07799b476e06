using System.Net;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using PresenceHub.GraphEmulator.Notifications;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>Asks a notification URL to echo a token before anything is sent to it.</summary>
internal sealed class EndpointValidation(
    NotificationClient client,
    TimeProvider time,
    ILogger<EndpointValidation> logger
)
{
    private const string NotOk = "Notification endpoint must respond with 200 OK to validation request.";
    private const string NotEqual = "Response must exactly match validationToken query parameter.";
    private const string TimedOut = "Subscription validation request timed out.";

    public async Task<GraphError?> CheckAsync(string url, CancellationToken cancellationToken)
    {
        if (await FindFlawAsync(url, cancellationToken) is not { } flaw)
        {
            return null;
        }

        logger.EndpointNotValidated(flaw);
        return GraphError.BadRequest(
            "ValidationError",
            flaw == TimedOut ? TimedOut : $"Subscription validation request failed. {flaw}"
        );
    }

    private async Task<string?> FindFlawAsync(string url, CancellationToken cancellationToken)
    {
        // Characters that change when they are decoded twice or not at all.
        var requestId = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        var token =
            $"Validation: Testing client application reachability for subscription Request-Id: {requestId} 100% a+b=c";
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            QueryHelpers.AddQueryString(url, "validationToken", token)
        );
        request.Content = new StringContent("", Encoding.UTF8, MediaTypeNames.Text.Plain);
        using var deadline = new CancellationTokenSource(NotificationClient.AnswerDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await client.SendAsync(request, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return NotOk;
            }

            var body = await response.Content.ReadAsStringAsync(either.Token);
            return body == token && response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Text.Plain
                ? null
                : NotEqual;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return TimedOut;
        }
        catch (HttpRequestException)
        {
            return NotOk;
        }
    }
}
