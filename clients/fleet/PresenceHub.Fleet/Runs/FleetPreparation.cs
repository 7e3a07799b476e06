using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Connections;
using PresenceHub.Fleet.Driving;
using PresenceHub.Fleet.Hub;
using PresenceHub.Fleet.Identities;
using PresenceHub.Fleet.Measuring;
using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Scenarios;
using PresenceHub.Fleet.Watching;

namespace PresenceHub.Fleet.Runs;

/// <summary>Gathers what a run needs, and finds out before it starts whether it can succeed.</summary>
internal sealed class FleetPreparation(
    RunOptions options,
    HttpClient http,
    RunStop stop,
    IRunDisplay display,
    TimeProvider time
)
{
    private static readonly TimeSpan FirstAnswerTimeout = TimeSpan.FromSeconds(20);

    private Scenario Scenario => options.Scenario;

    public async Task<PreparedFleet> PrepareAsync(CancellationToken cancellationToken)
    {
        var members = Scenario.Connections + Scenario.Canaries;
        DescriptorLimit.Check(members);
        var hubs = await ResolveAsync(cancellationToken);
        var people = await Reachable(PeopleAsync, cancellationToken);
        var subjects = new SubjectTable(people);
        var lists = await WatchLists.CreateAsync(Scenario.Watch, subjects, Scenario.Seed, cancellationToken);

        var identities = new IdentityPool(await TokenSourceAsync(cancellationToken), Scenario.ConnectionsPerToken);
        await Reachable(
            async token =>
            {
                await identities.FillAsync(members, done => NoteTokens(done), token);
                return true;
            },
            cancellationToken
        );
        await TryHubsAsync(hubs, identities, cancellationToken);

        var random = new Random(Scenario.Seed);
        var (changes, changeToken) = (new ChangeLog(subjects.Count), new ChangeToken(Random.Shared));
        var records = new FleetRecords(new FleetCounters(), new FleetLatencies(time), new Violations());
        var surroundings = new FleetSurroundings(
            hubs,
            identities,
            subjects,
            new ConnectThrottle(Scenario.Ramp.AtOnce),
            new EntryAccount(subjects, changes, changeToken, records, time),
            stop,
            time
        )
        {
            LocalAddresses = LocalAddresses.For(hubs[0].EndPoint.Address, Scenario.Connections),
            TrustAnyCertificate = options.TrustAnyCertificate,
        };
        display.Note(
            $"{Scenario.Connections:N0} connections and {Scenario.Canaries} canaries, {identities.Count:N0} tokens, "
                + $"{subjects.Count:N0} people"
        );
        return new PreparedFleet(
            surroundings,
            [
                .. Enumerable
                    .Range(0, Scenario.Connections)
                    .Select(number => NewMember(number, lists, surroundings, random)),
            ],
            [
                .. Enumerable
                    .Range(Scenario.Connections, Scenario.Canaries)
                    .Select(number => NewCanary(number, lists, surroundings, random)),
            ],
            lists,
            changes,
            changeToken,
            await EmulatorAsync(cancellationToken)
        );
    }

    private async Task<IReadOnlyList<WebSocketTarget>> ResolveAsync(CancellationToken cancellationToken)
    {
        var targets = new List<WebSocketTarget>();
        foreach (var address in options.HubAddresses)
        {
            try
            {
                targets.Add(await WebSocketTarget.ResolveAsync(address, cancellationToken));
            }
            catch (System.Net.Sockets.SocketException exception)
            {
                throw new FleetException(Failures.SentenceAtStart(exception, address) ?? exception.Message, exception);
            }
        }

        return targets;
    }

    private Task<IReadOnlyList<Person>> PeopleAsync(CancellationToken cancellationToken) =>
        options.PeopleFile is { } path
            ? PeopleSource.ReadFileAsync(path, cancellationToken)
            : PeopleSource.ReadSimulationAsync(http, options.Hubs[0], cancellationToken);

    private async Task<ITokenSource> TokenSourceAsync(CancellationToken cancellationToken) =>
        options.TokenFile is { } path ? await TokenFile.ReadAsync(path, cancellationToken)
        : options.TokenCommand is { } command ? new TokenCommand(command)
        : new SimulationTokens(http, options.Hubs[0]);

    private void NoteTokens(int done)
    {
        const int Step = 500;
        if (done % Step is 0)
        {
            display.Note($"{done:N0} tokens fetched");
        }
    }

    /// <summary>Opens and closes one connection to each hub: what is wrong for one is wrong for all.</summary>
    private async Task TryHubsAsync(
        IReadOnlyList<WebSocketTarget> hubs,
        IdentityPool identities,
        CancellationToken cancellationToken
    )
    {
        foreach (var hub in hubs)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(FirstAnswerTimeout);
            try
            {
                var settings = new WebSocketSettings
                {
                    AccessToken = identities.TokenOf(0),
                    TrustAnyCertificate = options.TrustAnyCertificate,
                };
                using var connection = await LightHubConnection.ConnectAsync(
                    hub,
                    settings,
                    ProtocolOf(0),
                    new FirstAnswer(),
                    time,
                    timeout.Token
                );
                var result = await connection.GetAsync([], timeout.Token);
                if (result.Code is "error")
                {
                    throw new HubCallException(result.Code, result.Error!);
                }
            }
            catch (UpgradeRefusedException exception) when (Failures.IsBusy(exception))
            {
                display.Note($"{hub.Address} is busy and asks clients to come later");
            }
            catch (UpgradeRefusedException exception)
                when (Failures.IsUnauthorized(exception) && TokenExpiry.Of(identities.TokenOf(0)) < time.GetUtcNow())
            {
                throw new FleetException(
                    $"The first token expired at {TokenExpiry.Of(identities.TokenOf(0)):u}: get new tokens.",
                    exception
                );
            }
            catch (Exception exception)
                when (Failures.IsExpected(exception) && !cancellationToken.IsCancellationRequested)
            {
                throw new FleetException(
                    Failures.SentenceAtStart(exception, hub.Address) ?? $"{hub.Address}: {exception.Message}.",
                    exception
                );
            }
        }
    }

    private async Task<T> Reachable<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action(cancellationToken);
        }
        catch (Exception exception)
            when (exception is HttpRequestException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            throw new FleetException(
                Failures.SentenceAtStart(exception, options.Hubs[0]) ?? $"{options.Hubs[0]}: {exception.Message}",
                exception
            );
        }
    }

    private async Task<EmulatorClient?> EmulatorAsync(CancellationToken cancellationToken)
    {
        if (options.Emulator is not { } address)
        {
            return null;
        }

        var emulator = new EmulatorClient(address);
        try
        {
            await emulator.ReadCoveredAsync(cancellationToken);
            return emulator;
        }
        catch (Exception exception) when (exception is HttpRequestException or System.Text.Json.JsonException)
        {
            emulator.Dispose();
            throw new FleetException(
                $"No Graph emulator answers at {address}: the hub prints its address at the start, and Emulator:Port "
                    + "fixes it.",
                exception
            );
        }
    }

    private LightMember NewMember(int number, WatchLists lists, FleetSurroundings surroundings, Random random)
    {
        // Spread over the numbers, so that kinds do not share tokens, hubs or departments.
        var position = (number * 0.6180339887) % 1;
        var kind =
            position < Scenario.StuckShare ? MemberKind.Stuck
            : position < Scenario.StuckShare + Scenario.Slow.Share ? MemberKind.Slow
            : MemberKind.Healthy;
        return new LightMember(
            new MemberIdentity(number, kind),
            new MemberView(lists.Of(number), time),
            ProtocolOf(number),
            surroundings,
            new ReceiveLimits(kind, Scenario.Slow.BytesPerSecond),
            new Random(random.Next())
        );
    }

    private Canary NewCanary(int number, WatchLists lists, FleetSurroundings surroundings, Random random) =>
        new(
            new MemberIdentity(number, MemberKind.Canary),
            new MemberView(lists.Of(number), time),
            number % 2 is 0,
            surroundings,
            new Random(random.Next())
        );

    private HubProtocol ProtocolOf(int number) =>
        Scenario.Protocol switch
        {
            ProtocolChoice.MessagePack => HubProtocol.MessagePack,
            ProtocolChoice.Both when number % 2 is 1 => HubProtocol.MessagePack,
            _ => HubProtocol.Json,
        };

    private sealed class FirstAnswer : IHubReceiver
    {
        public void Entry(in EntryView entry, EntrySource source, long receivedAt) { }

        public void Rejected(string id, string reason) { }

        public void Bookmark(string cursor) { }

        public void Revoked(Guid id) { }

        public void Draining(TimeSpan reconnectAfter) { }
    }
}
