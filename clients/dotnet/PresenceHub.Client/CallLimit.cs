using System.Globalization;
using System.Text.RegularExpressions;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>
/// How many ids one call carries: the option's value, or less once the hub has refused that many. It never grows.
/// </summary>
internal sealed partial class CallLimit(int most)
{
    private readonly Lock _gate = new();
    private int _value = most;

    public int Value => Volatile.Read(ref _value);

    /// <summary>
    /// Adopts the limit that a refusal names. True when the call carried more ids: it can be repeated in parts.
    /// </summary>
    /// <param name="refusal">Why the hub refused a call or closed the connection.</param>
    /// <param name="sent">Ids that the call carried, at most. Another call may lower the limit meanwhile.</param>
    public bool TryLower(PresenceHubException refusal, int sent)
    {
        if (refusal.Code is not ErrorCode.LimitExceeded || OfMessage(refusal.Message) is not { } named)
        {
            return false;
        }

        lock (_gate)
        {
            _value = Math.Min(_value, named);
            return named < sent;
        }
    }

    /// <summary>Carries ids to the hub in calls of at most as many as it takes, one after the other.</summary>
    public async Task CarryAsync(string[] ids, Func<string[], Task> call)
    {
        for (var start = 0; start < ids.Length; )
        {
            var part = ids[start..Math.Min(start + Value, ids.Length)];
            try
            {
                await call(part).ConfigureAwait(false);
                start += part.Length;
            }
            catch (PresenceHubException exception) when (TryLower(exception, part.Length))
            {
                // The loop repeats the call with fewer ids.
            }
        }
    }

    private static int? OfMessage(string text) =>
        AtTheEnd().Match(text) is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var ids)
        && ids > 0
            ? ids
            : null;

    [GeneratedRegex("; one call may carry ([0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex AtTheEnd();
}
