namespace PresenceHub.Fleet.Driving;

/// <summary>
/// The activity that a driven change sets: a prefix of this run and the change's number among those of its person, in
/// letters,
/// since Graph's tokens are letters. Clients carry activities that they do not know as they are.
/// </summary>
internal sealed class ChangeToken
{
    private const int Letters = 26;
    private const int RunLetters = 5;

    private readonly string _prefix;
    private readonly byte[] _prefixBytes;

    public ChangeToken(Random random)
    {
        _prefix =
            "Fleet" + string.Concat(Enumerable.Range(0, RunLetters).Select(_ => (char)('A' + random.Next(Letters))));
        _prefixBytes = System.Text.Encoding.ASCII.GetBytes(_prefix);
    }

    public string Write(int ordinal)
    {
        Span<char> letters = stackalloc char[8];
        var at = letters.Length;
        do
        {
            letters[--at] = (char)('a' + (ordinal % Letters));
            ordinal /= Letters;
        } while (ordinal > 0);

        return string.Concat(_prefix, letters[at..]);
    }

    /// <summary>The number of the change; -1 for an activity that this run has not made.</summary>
    public int Read(ReadOnlySpan<byte> activity)
    {
        if (activity.Length <= _prefixBytes.Length || !activity.StartsWith(_prefixBytes))
        {
            return -1;
        }

        long ordinal = 0;
        foreach (var letter in activity[_prefixBytes.Length..])
        {
            if (letter is < (byte)'a' or > (byte)'z' || ordinal > int.MaxValue / Letters)
            {
                return -1;
            }

            ordinal = (ordinal * Letters) + (letter - 'a');
        }

        return ordinal <= int.MaxValue ? (int)ordinal : -1;
    }
}
