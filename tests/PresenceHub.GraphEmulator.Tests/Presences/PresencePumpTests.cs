using Microsoft.Extensions.Logging.Abstractions;
using PresenceHub.GraphEmulator.People;
using PresenceHub.GraphEmulator.Presences;

namespace PresenceHub.GraphEmulator.Tests.Presences;

public sealed class PresencePumpTests
{
    [Fact]
    public async Task Execute_CompanyStandsStill_EndsWithoutATick()
    {
        var time = TestClock.Create();
        var options = new GraphEmulatorOptions { ChangePeriod = TimeSpan.Zero, People = 10 };
        var board = new PresenceBoard(new Company(options.People, 1, 1), options, time);
        using var pump = new PresencePump(board, time, NullLogger<PresencePump>.Instance);

        await pump.StartAsync(CancellationToken.None);

        await pump.ExecuteTask!.WaitAsync(EmulatorFixture.Patience, TimeProvider.System);
    }
}
