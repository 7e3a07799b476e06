using System.Globalization;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>The rules by which Graph refuses a request for a subscription.</summary>
internal sealed class SubscriptionRules(GraphEmulatorOptions options, TimeProvider time)
{
    private const int LongestClientState = 128;

    // A clock slightly ahead of that of Graph must not cause a refusal.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private static readonly string[] Required = ["changeType", "notificationUrl", "resource", "expirationDateTime"];
    private static readonly string[] WebPush =
    [
        "vapidPublicKey",
        "webPushEncryptionP256dhPublicKey",
        "webPushEncryptionSecret",
    ];

    public GraphError? Check(RequestBody body)
    {
        if (Array.Find(Required, name => string.IsNullOrEmpty(body.Text(name))) is { } missing)
        {
            return Invalid($"Property '{missing}' is required for subscription creation.");
        }

        if (body.Text("changeType") != "updated")
        {
            return Invalid("Invalid 'changeType' attribute: presence supports 'updated' only.");
        }

        if (body.Text("clientState")?.Length > LongestClientState)
        {
            return Invalid($"Property 'clientState' can be at most {LongestClientState} characters long.");
        }

        return Array.Find(WebPush, body.Has) is { } webPush
            ? Invalid($"Property '{webPush}' is for web push only.")
            : CheckUrl(body.Text("notificationUrl")!)
                ?? (body.Text("lifecycleNotificationUrl") is { } lifecycle ? CheckUrl(lifecycle) : null);
    }

    public GraphError? CheckUrl(string text)
    {
        if (
            Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (
                url.Scheme == Uri.UriSchemeHttps
                || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback && options.Switches.AllowHttpOnLoopback)
            )
        )
        {
            return null;
        }

        return Invalid("The notification URL must be an absolute https address.");
    }

    public GraphError? CheckResource(string text, out PresenceResource? resource)
    {
        resource = PresenceResource.TryParse(text);
        return resource is null ? Invalid("Resource is not supported, or is not a list of user ids.")
            : resource.Subjects.Count > options.Limits.IdsPerSubscription
                ? Invalid($"At most {options.Limits.IdsPerSubscription} users are allowed in one subscription.")
            : null;
    }

    public GraphError? CheckExpiry(string? text, out DateTimeOffset expiresAt)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out expiresAt))
        {
            return Invalid("Property 'expirationDateTime' is not a date.");
        }

        expiresAt = expiresAt.ToUniversalTime();
        var now = time.GetUtcNow();
        if (expiresAt <= now)
        {
            return Invalid("Subscription expiration can only be in the future.");
        }

        var (life, limits) = (expiresAt - now, options.Limits);
        if (life > limits.SubscriptionLife + Skew && options.Switches.RejectTooLongLife)
        {
            return GraphError.BadRequest(
                "ExtensionError",
                $"Subscription expiration can only be {(int)limits.SubscriptionLife.TotalMinutes} minutes in the future."
            );
        }

        var floor =
            limits.SubscriptionFloor < limits.SubscriptionLife ? limits.SubscriptionFloor : limits.SubscriptionLife;
        expiresAt =
            life < floor ? now + floor
            : life > limits.SubscriptionLife ? now + limits.SubscriptionLife
            : expiresAt;
        return null;
    }

    public static GraphError Invalid(string message) => GraphError.BadRequest("InvalidRequest", message);
}
