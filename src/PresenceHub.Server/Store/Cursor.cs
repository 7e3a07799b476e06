using System.Globalization;

namespace PresenceHub.Server.Store;

/// <summary>
/// A position in the whole store: everything up to <see cref="Time"/> has been seen. <see cref="Epoch"/> is the latest
/// epoch of any partition then, so that data lost afterwards is noticed even when the clock of the new server is
/// behind.
/// </summary>
internal readonly record struct Cursor(long Epoch, long Time)
{
    /// <summary>Before everything.</summary>
    public static Cursor Start => default;

    /// <summary>False for whatever <see cref="ToString"/> did not write.</summary>
    public static bool TryParse(string? text, out Cursor cursor)
    {
        cursor = default;
        var separator = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (
            separator < 0
            || !StoredEntry.TryParseNumber(text.AsSpan(0, separator), out var epoch)
            || !StoredEntry.TryParseNumber(text.AsSpan(separator + 1), out var time)
        )
        {
            return false;
        }

        cursor = new Cursor(epoch, time);
        return true;
    }

    /// <summary>
    /// Whether a client at this cursor may lack the entry. An epoch counts as seen only when it is neither later than
    /// the latest one nor later than the time: partitions on servers whose clocks differ begin their epochs by
    /// different clocks.
    /// </summary>
    public bool Precedes(StoredEntry entry) => entry.Epoch > Math.Min(Epoch, Time) || entry.Revision > Time;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{Time}");
}
