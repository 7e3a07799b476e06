using System.Net;
using PresenceHub.Fleet.Connections;

namespace PresenceHub.Fleet.Tests.Connections;

public sealed class LocalAddressesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(20_000, 1)]
    [InlineData(20_001, 2)]
    [InlineData(100_000, 5)]
    public void For_Loopback_HasAnAddressForEach20000Connections(int connections, int addresses)
    {
        var local = LocalAddresses.For(IPAddress.Loopback, connections);

        var used = Enumerable.Range(0, connections).Select(local.Of).Distinct().ToArray();

        Assert.Equal(addresses, used.Length);
        Assert.All(used, address => Assert.True(IPAddress.IsLoopback(address!)));
    }

    [Fact]
    public void For_AnotherMachine_LeavesTheChoiceToTheSystem() =>
        Assert.Null(LocalAddresses.For(IPAddress.Parse("192.0.2.1"), 50_000).Of(7));
}
