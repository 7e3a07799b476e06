namespace PresenceHub.GraphEmulator.Faults;

/// <summary>A fault of the requests of one operation.</summary>
internal sealed record RequestFault
{
    public const string AnyOperation = "*";

    private int _used;

    /// <summary>Name of the operation as in the counters, or <c>*</c>.</summary>
    public string Operation { get; init; } = AnyOperation;

    /// <summary>Affects only requests whose body contains one of these ids; empty: all.</summary>
    public IReadOnlyList<Guid> Ids { get; init; } = [];

    /// <summary>Answer with this status without performing the operation.</summary>
    public int? Status { get; init; }

    /// <summary>Seconds for the Retry-After header that goes with <see cref="Status"/>.</summary>
    public double? RetryAfter { get; init; }

    /// <summary>Style of that header; null: as the switch says.</summary>
    public RetryAfterStyle? RetryAfterStyle { get; init; }

    /// <summary>Wait this long first.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Never answer; the request ends when the client aborts it.</summary>
    public bool Hang { get; init; }

    /// <summary>Perform the operation, then corrupt the body.</summary>
    public BodyFault Body { get; init; }

    /// <summary>Perform the operation, then close the connection without an answer.</summary>
    public bool DropResponse { get; init; }

    /// <summary>Number of requests that are affected; null: all.</summary>
    public int? Times { get; init; }

    /// <summary>Share (0 to 1) of requests that are affected.</summary>
    public double Probability { get; init; } = 1;

    public bool IsFor(string operation) =>
        Operation == AnyOperation || Operation.Equals(operation, StringComparison.OrdinalIgnoreCase);

    /// <param name="operation">Name of the request's operation.</param>
    /// <param name="named">The ids in the body of the request; null: not checked.</param>
    /// <param name="draws">Decides which requests a share affects.</param>
    public bool TryUse(string operation, IReadOnlySet<Guid>? named, FaultDraws draws)
    {
        return IsFor(operation)
            && (Ids.Count is 0 || (named is not null && Ids.Any(named.Contains)))
            && draws.Happens(Probability)
            && (Times is not { } times || Interlocked.Increment(ref _used) <= times);
    }
}
