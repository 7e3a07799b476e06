using System.Text;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Tests.Hub;

/// <summary>Writes down what a protocol finds, one line each.</summary>
internal sealed class RecordingSink : IHubMessageSink
{
    public List<string> Lines { get; } = [];

    public void Entry(in EntryView entry, EntrySource source)
    {
        var texts =
            $"{Text(entry.Availability)} {Text(entry.Activity)} since {Text(entry.Since)} observed "
            + $"{Text(entry.ObservedAt)}";
        Lines.Add($"{source} {entry.Id} {entry.Epoch}/{entry.Revision} {entry.Freshness} {texts}");
    }

    public void Rejected(string id, string reason) => Lines.Add($"rejected {id} {reason}");

    public void Bookmark(string cursor) => Lines.Add($"bookmark {cursor}");

    public void Revoked(Guid id) => Lines.Add($"revoked {id}");

    public void Draining(TimeSpan reconnectAfter) => Lines.Add($"draining {reconnectAfter.TotalMilliseconds}");

    public void Completed(string invocationId, string? error, string? cursor) =>
        Lines.Add($"completed {invocationId} '{error}' {cursor}");

    public void Ping() => Lines.Add("ping");

    public void Closing(string? error, bool allowReconnect) => Lines.Add($"closing '{error}' {allowReconnect}");

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
