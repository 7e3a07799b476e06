namespace PresenceHub.GraphEmulator;

/// <summary>Style of the Retry-After header.</summary>
public enum RetryAfterStyle
{
    /// <summary>Whole seconds.</summary>
    Seconds,

    /// <summary>Seconds with a fraction, as in older samples.</summary>
    Fraction,

    /// <summary>A date.</summary>
    HttpDate,

    /// <summary>No header at all.</summary>
    Absent,
}
