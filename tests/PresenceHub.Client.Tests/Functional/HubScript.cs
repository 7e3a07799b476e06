using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.Functional;

/// <summary>The answers of a <see cref="ScriptedHub"/>, and the calls that it received.</summary>
internal sealed class HubScript
{
    /// <summary>The next request that <see cref="Refuses"/> is refused with 503 and this header.</summary>
    public string? RetryAfter;

    public Predicate<HttpRequest> Refuses { get; set; } = _ => true;

    public ScriptedNetwork Network { get; } = new();

    public Inbox<HubCallerContext> Connections { get; } = new("a connection at the hub");

    public Inbox<WatchRequest> Watches { get; } = new("a Watch at the hub");

    public Inbox<string[]> Unwatches { get; } = new("an Unwatch at the hub");

    public Inbox<(string Path, long At)> Requests { get; } = new("a request at the server");

    public Func<WatchRequest, WatchResult> OnWatch { get; set; } =
        request => Wire.Result("c1", [.. request.Ids.Select(id => Wire.Entry(id, 1))]);

    public Func<string[], PresenceEntry[]> OnGet { get; set; } = ids => [.. ids.Select(id => Wire.Entry(id, 1))];
}
