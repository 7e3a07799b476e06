using System.Globalization;
using System.Text.RegularExpressions;

namespace PresenceHub.Fleet.Hub;

/// <summary>
/// How many ids one call carries: the hub's default, or less once the hub has refused that many. All members share it,
/// and it never grows.
/// </summary>
internal sealed partial class CallLimit
{
    private const int HubDefault = 1000;

    private int _value = HubDefault;

    public int Value => Volatile.Read(ref _value);

    /// <summary>
    /// Adopts the limit that a refusal names. True when the call carried more ids: it can be repeated in parts.
    /// </summary>
    /// <param name="refusal">The hub's message when it refused a call or closed the connection.</param>
    /// <param name="sent">The ids that the call carried. Another member may lower the limit meanwhile.</param>
    public bool TryLower(string refusal, int sent)
    {
        if (
            CallResult.CodeOf(refusal) is not Contracts.ErrorCode.LimitExceeded
            || !int.TryParse(
                AtTheEnd().Match(refusal).Groups[1].ValueSpan,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var limit
            )
            || limit is 0
        )
        {
            return false;
        }

        int value;
        do
        {
            value = Value;
        } while (limit < value && Interlocked.CompareExchange(ref _value, limit, value) != value);

        return limit < sent;
    }

    /// <summary>Makes calls of at most as many subjects as the hub takes, one after the other.</summary>
    public async Task SplitAsync(int[] subjects, Func<int[], Task> call)
    {
        for (var start = 0; start < subjects.Length; )
        {
            var part = subjects[start..Math.Min(start + Value, subjects.Length)];
            try
            {
                await call(part);
                start += part.Length;
            }
            catch (Exception exception)
                when (exception is not HubClosedException && TryLower(exception.Message, part.Length))
            {
                // The loop repeats the call with fewer subjects.
            }
        }
    }

    [GeneratedRegex("; one call may carry ([0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex AtTheEnd();
}
