using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace PresenceHub.Client.Tests.Functional;

/// <summary>
/// The network between a client and a <see cref="ScriptedHub"/>: it answers some kinds of requests itself, or not at
/// all.
/// </summary>
internal sealed class ScriptedNetwork
{
    /// <summary>Instead of a status: the request gets no answer.</summary>
    public const int Hangs = 0;

    private readonly ConcurrentQueue<string> _asked = [];

    /// <summary>The status by the kind of request: <c>WebSocket</c>, <c>negotiate</c>, <c>events</c>,
    /// <c>poll</c>.</summary>
    public ConcurrentDictionary<string, int> Answers { get; } = [];

    /// <summary>The body of these answers.</summary>
    public string? Problem { get; set; }

    /// <summary>The kinds of requests in the order of arrival, without posts. Polls in a row count once.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public void Forget() => _asked.Clear();

    /// <summary>The answer of the network; null when the hub answers.</summary>
    public int? Pass(HttpRequest request)
    {
        if (KindOf(request) is not { } kind)
        {
            return null;
        }

        if (kind is not "poll" || !_asked.TryPeek(out _) || _asked.Last() is not "poll")
        {
            _asked.Enqueue(kind);
        }

        var treated = kind is "negotiated WebSocket" ? "WebSocket" : kind;
        return Answers.TryGetValue(treated, out var answer) ? answer : null;
    }

    private static string? KindOf(HttpRequest request) =>
        request switch
        {
            { Path.Value: var path } when path!.EndsWith("/negotiate", StringComparison.Ordinal) => "negotiate",
            { Method: not "GET" } => null,
            { Headers.Upgrade.Count: > 0 } => request.Query.ContainsKey("id") ? "negotiated WebSocket" : "WebSocket",
            _ => request.Headers.Accept.Contains("text/event-stream") ? "events" : "poll",
        };
}
