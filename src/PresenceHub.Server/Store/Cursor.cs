using System.Globalization;

namespace PresenceHub.Server.Store;

/// <summary>
/// A position in the whole store: all changes up to <see cref="Time"/> have been seen. <see cref="Epoch"/> is the
/// latest epoch of any partition at that time, so that a later loss of data shows even if the clock of the new server
/// is behind.
/// </summary>
internal readonly record struct Cursor(long Epoch, long Time)
{
    /// <summary>The position before all changes.</summary>
    public static Cursor Start => default;

    /// <summary>Parses a text that <see cref="ToString"/> wrote. False for any other text.</summary>
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
    /// Whether a client at this cursor may lack the entry. An epoch counts as seen only if it is neither later than the
    /// latest epoch nor later than the time: partitions on servers whose clocks differ start their epochs by different
    /// clocks.
    /// </summary>
    public bool Precedes(StoredEntry entry) => entry.Epoch > Math.Min(Epoch, Time) || entry.Revision > Time;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{Time}");
}
