namespace PresenceHub.Client.Tests.Fakes;

internal sealed class FixedRandom(double value) : Random
{
    public override double NextDouble() => value;
}
