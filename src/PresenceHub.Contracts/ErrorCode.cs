namespace PresenceHub.Contracts;

/// <summary>Stable codes of failed calls: before the colon of a hub error, in <c>code</c> of an HTTP problem.</summary>
public static class ErrorCode
{
    /// <summary>The call is malformed. Do not retry.</summary>
    public const string InvalidRequest = "invalidRequest";

    /// <summary>There is nothing at this address. Do not retry.</summary>
    public const string NotFound = "notFound";

    /// <summary>The address does not support the method of the request. Do not retry.</summary>
    public const string MethodNotAllowed = "methodNotAllowed";

    /// <summary>The hub is not set up for this. Do not retry.</summary>
    public const string NotSupported = "notSupported";

    /// <summary>The call or the watcher exceeds a limit. Do not retry unchanged.</summary>
    public const string LimitExceeded = "limitExceeded";

    /// <summary>No valid token, or one that is not allowed here. Do not retry with the same token.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>The token is past its end. Retry with a new one.</summary>
    public const string TokenExpired = "tokenExpired";

    /// <summary>The hub cannot answer now. Retry later.</summary>
    public const string Unavailable = "unavailable";
}
