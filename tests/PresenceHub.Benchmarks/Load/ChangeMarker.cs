namespace PresenceHub.Benchmarks.Load;

/// <summary>
/// The number of a change, as an activity that every system carries unchanged: letters only, ten of them like Graph's
/// own.
/// </summary>
internal static class ChangeMarker
{
    public const int Letters = 7;

    private const int Base = 26;
    private const string Prefix = "Chg";

    /// <summary>How an activity with a number begins in JSON.</summary>
    public static ReadOnlySpan<byte> Start => "\"activity\":\"Chg"u8;

    public static string ToActivity(int number) => string.Create(Prefix.Length + Letters, number, static (text, rest) =>
        {
            Prefix.CopyTo(text);
            for (var at = text.Length - 1; at >= Prefix.Length; at--)
            {
                (rest, var digit) = Math.DivRem(rest, Base);
                text[at] = (char)('a' + digit);
            }
        });

    public static int Read(ReadOnlySpan<byte> letters)
    {
        var number = 0;
        foreach (var letter in letters[..Letters])
        {
            number = (number * Base) + letter - 'a';
        }

        return number;
    }
}
