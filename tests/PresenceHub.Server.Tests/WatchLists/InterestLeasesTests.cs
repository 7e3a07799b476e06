using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Tests.Ingest;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.WatchLists;

[Trait("Category", "Functional")]
public sealed class InterestLeasesTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task StopAsync_NoTimeLeft_EndsWithoutAnError()
    {
        var options = Options.Create(new WatchListOptions { KeyPrefix = "stop" });
        var keys = new InterestKeys(options);
        using var leases = new InterestLeases(
            fixture.Redis, keys, new WantedSubjects(fixture.Redis, keys), new NodeId(), options, TimeProvider.System, NullLogger<InterestLeases>.Instance);
        await leases.StartAsync(CancellationToken.None);

        var failure = await Record.ExceptionAsync(() => leases.StopAsync(new CancellationToken(canceled: true)));

        Assert.Null(failure);
    }
}
