using System.Globalization;
using PresenceHub.Benchmarks.Load;
using PresenceHub.GraphEmulator.Presences;
using PresenceHub.Testing;

namespace PresenceHub.Benchmarks.Systems;

/// <summary>The hub in Production with Redis, of this build or of any other.</summary>
internal sealed class HubSystem : SystemUnderTest
{
    private const int EntriesPerBatch = 500;
    private const string AllocatedMetric = "dotnet_gc_heap_total_allocated_bytes_total";

    private readonly HubSetup _setup;
    private readonly Tenant _tenant;
    private readonly RedisServer _redis = new();
    private readonly List<HubServer> _nodes = [];
    private StoreWriter? _writer;

    private HubSystem(string name, HubSetup setup, Tenant tenant)
        : base(name) => (_setup, _tenant) = (setup, tenant);

    public override IReadOnlyList<Uri> Addresses => [.. _nodes.Select(node => node.Address)];

    public override ClientProtocol Protocol => ClientProtocol.Hub;

    /// <summary>Whether changes come from Graph; otherwise another process applies them to the store.</summary>
    public bool TakesNotifications => _setup.Accounts > 0;

    protected override IEnumerable<int> ProcessIds => _nodes.Select(node => node.ProcessId);

    public static async Task<HubSystem> StartAsync(string name, string assembly, HubSetup setup, Tenant tenant)
    {
        var system = new HubSystem(name, setup, tenant);
        try
        {
            await system._redis.StartAsync();
            var settings = system.Settings();
            for (var node = 0; node < setup.Nodes; node++)
            {
                system._nodes.Add(await HubServer.StartAsync(settings, assembly: assembly, core: Cores.Server));
            }

            system._writer = await StoreWriter.StartAsync(assembly, system._redis.ConnectionString);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stores what Graph holds, so that a node that reads Graph finds nothing new.</summary>
    public override async Task FillAsync(IReadOnlyList<string> subjectIds)
    {
        foreach (var chunk in subjectIds.Chunk(EntriesPerBatch))
        {
            await _writer!.ApplyAsync([.. chunk.Select(Reading)]);
        }
    }

    public override async Task ApplyAsync(IReadOnlyList<Change> batch)
    {
        if (!TakesNotifications)
        {
            await _writer!.ApplyAsync([
                .. batch.Select(change => new WrittenPresence(
                    change.SubjectId,
                    Change.Availability,
                    change.Activity,
                    null
                )),
            ]);
            return;
        }

        foreach (var change in batch)
        {
            _tenant.Board.TryPin(Guid.Parse(change.SubjectId), new PresenceState(Change.Availability, change.Activity));
        }
    }

    public override async Task<long?> AllocatedBytesAsync()
    {
        var sum = 0L;
        foreach (var node in _nodes)
        {
            var metrics = await node.Http.GetStringAsync("/metrics");
            var line = metrics.Split('\n').First(line => line.StartsWith(AllocatedMetric, StringComparison.Ordinal));
            sum += long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }

        return sum;
    }

    public override async ValueTask DisposeAsync()
    {
        await (_writer?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _redis.DisposeAsync();
    }

    private WrittenPresence Reading(string id)
    {
        _tenant.Board.TryRead(Guid.Parse(id), out var reading);
        return new WrittenPresence(
            id,
            reading.State.Availability,
            reading.State.Activity,
            PresenceWriter.Stamp(reading.Sequence)
        );
    }

    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Redis__ConnectionString"] = _redis.ConnectionString,
            ["Graph__Mode"] = "Emulator",
            ["Graph__BaseUrl"] = new Uri(_tenant.Address, "/v1.0").ToString(),
            ["Graph__TrustedRootPath"] = _tenant.RootPath,
            ["Graph__TenantId"] = _tenant.Options.TenantId,
            ["Polling__Enabled"] = _setup.Polls ? "true" : "false",
            ["Polling__Period"] = "00:30:00",
            ["Store__StaleAfter"] = StoreWriterProgram.StaleAfter,
        };
        for (var account = 0; account < _setup.Accounts; account++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"Graph__Accounts__{account}__UserId");
            settings[name] = _tenant.ServiceAccountIds[account];
        }

        return settings;
    }
}
