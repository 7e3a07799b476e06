namespace PresenceHub.Fleet.Measuring;

/// <summary>A number that many receive loops count up.</summary>
internal sealed class Counter
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Increment() => Interlocked.Increment(ref _value);

    public void Add(long count) => Interlocked.Add(ref _value, count);
}
