namespace PresenceHub.GraphEmulator.Faults;

/// <summary>What happens to requests of one operation.</summary>
internal sealed record RequestFault
{
    public const string AnyOperation = "*";

    private int _used;

    /// <summary>Name of the operation as in the counters, or <c>*</c>.</summary>
    public string Operation { get; init; } = AnyOperation;

    /// <summary>Hit only requests whose body names one of these ids; empty: all.</summary>
    public IReadOnlyList<Guid> Ids { get; init; } = [];

    /// <summary>Answer this instead of doing anything.</summary>
    public int? Status { get; init; }

    /// <summary>Seconds for the Retry-After header that goes with <see cref="Status"/>.</summary>
    public double? RetryAfter { get; init; }

    /// <summary>How that header is spelled; null: as the switch says.</summary>
    public RetryAfterStyle? RetryAfterStyle { get; init; }

    /// <summary>Wait this long first.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Never answer; ends when the client gives up.</summary>
    public bool Hang { get; init; }

    /// <summary>Do the work, then spoil the body.</summary>
    public BodyFault Body { get; init; }

    /// <summary>Do the work, then cut the connection instead of answering.</summary>
    public bool DropResponse { get; init; }

    /// <summary>How many requests it hits; null: all.</summary>
    public int? Times { get; init; }

    /// <summary>The share (0 to 1) of requests it hits.</summary>
    public double Probability { get; init; } = 1;

    public bool IsFor(string operation) =>
        Operation == AnyOperation || Operation.Equals(operation, StringComparison.OrdinalIgnoreCase);

    /// <param name="operation">Name of the request's operation.</param>
    /// <param name="named">The ids in the request's body; null: not looked at.</param>
    /// <param name="draws">Decides which requests a share hits.</param>
    public bool TryUse(string operation, IReadOnlySet<Guid>? named, FaultDraws draws)
    {
        return IsFor(operation)
            && (Ids.Count is 0 || (named is not null && Ids.Any(named.Contains)))
            && draws.Happens(Probability)
            && (Times is not { } times || Interlocked.Increment(ref _used) <= times);
    }
}
