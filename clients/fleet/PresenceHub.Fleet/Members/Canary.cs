using System.Text;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Contracts;
using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Members;

/// <summary>
/// A real SignalR client with negotiation. What it sees is judged by the same rules as what the light connections see,
/// so that the tool
/// cannot be wrong about the protocol unnoticed.
/// </summary>
internal sealed class Canary(
    MemberIdentity identity,
    MemberView view,
    bool useMessagePack,
    FleetSurroundings fleet,
    Random random)
    : IFleetMember
{
    private const int IdsPerCall = 1000;

    private readonly ReconnectDelay _delay = new(random);
    private string? _cursor;
    private bool _isResuming;
    private int _attempt;

    public MemberIdentity Identity { get; } = identity;

    public MemberView View { get; } = view;

    public MemberState State { get; private set; }

    private FleetRecords Records => fleet.Account.Records;

    public async Task RunAsync(long intendedStart, CancellationToken stoppingToken)
    {
        var wanted = intendedStart;
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = TimeSpan.Zero;
            try
            {
                await LiveOnceAsync(wanted, stoppingToken);
            }
            catch (Exception exception)
                when (Failures.IsExpected(exception) || exception is HubException or InvalidOperationException)
            {
                if (stoppingToken.IsCancellationRequested)
                {
                    return;
                }

                Records.Counters.Error(
                    $"canary: {(exception is HubException ? new CallResult(exception.Message, null).Code : Failures.KindOf(exception))}");
                pause = _delay.Next();
            }

            wanted = State is MemberState.Live ? fleet.Time.GetTimestamp() : wanted;
            State = MemberState.Waiting;
            await Task.Delay(pause, fleet.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LiveOnceAsync(long wanted, CancellationToken stoppingToken)
    {
        State = MemberState.Connecting;
        var hub = fleet.Hubs[(Identity.Number + _attempt++) % fleet.Hubs.Count].Address;
        await using var connection = Build(hub);
        var ended = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Closed += exception =>
        {
            ended.TrySetException(exception ?? new IOException("The hub closed the connection"));
            return Task.CompletedTask;
        };
        Receive(connection, ended);
        View.BeginConnection();
        await fleet.Throttle.RunAsync(
            async token =>
            {
                await StartAsync(connection, hub, token);
                return true;
            },
            stoppingToken);
        Records.Counters.Connects.Increment();
        State = MemberState.Watching;
        await WatchAllAsync(connection, stoppingToken);
        State = MemberState.Live;
        _delay.Reset();
        Records.Latencies.Ready.Record(wanted, fleet.Time.GetTimestamp());
        await Task.Delay(await ended.Task.WaitAsync(stoppingToken), fleet.Time, stoppingToken);
    }

    private async Task StartAsync(HubConnection connection, Uri hub, CancellationToken cancellationToken)
    {
        var identity = fleet.Identities.IdentityOf(Identity.Number);
        var token = fleet.Identities.TokenOf(identity);
        try
        {
            await connection.StartAsync(cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.StatusCode is System.Net.HttpStatusCode.Unauthorized)
        {
            await TokenRefusal.HandleAsync(fleet, identity, token, hub, cancellationToken);
            throw;
        }
    }

    private HubConnection Build(Uri hub)
    {
        var builder = new HubConnectionBuilder().WithUrl(
            hub,
            connection =>
            {
                connection.AccessTokenProvider = () =>
                    Task.FromResult<string?>(fleet.Identities.TokenOf(fleet.Identities.IdentityOf(Identity.Number)));
                if (fleet.TrustAnyCertificate)
                {
                    TrustAnyCertificate(connection);
                }
            });
        if (useMessagePack)
        {
            builder.AddMessagePackProtocol();
        }

        return builder.Build();
    }

    private static void TrustAnyCertificate(HttpConnectionOptions connection)
    {
#pragma warning disable CA5359 // Asked for by the user, for a server that makes its own certificate.
        connection.HttpMessageHandlerFactory = static _ => new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = static (_, _, _, _) => true,
        };
        connection.WebSocketConfiguration = static socket =>
            socket.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
    }

    private void Receive(HubConnection connection, TaskCompletionSource<TimeSpan> ended)
    {
        connection.On<PresenceEntry[]>(
            nameof(IPresenceClient.PresenceChanged),
            entries => Account(entries, EntrySource.Push));
        connection.On<string>(nameof(IPresenceClient.Bookmark), cursor => _cursor = _isResuming ? _cursor : cursor);
        connection.On<string[]>(
            nameof(IPresenceClient.Revoked),
            ids =>
            {
                foreach (var id in ids)
                {
                    Records.Counters.Revoked.Increment();
                    if (fleet.Account.TryFind(id, out var subject))
                    {
                        View.Revoked(subject);
                    }
                }
            });
        connection.On<DrainNotice>(
            nameof(IPresenceClient.Draining),
            notice =>
            {
                Records.Counters.Drained.Increment();
                ended.TrySetResult(TimeSpan.FromMilliseconds(notice.ReconnectAfterMs));
            });
    }

    private async Task WatchAllAsync(HubConnection connection, CancellationToken cancellationToken)
    {
        var cursor = View.IsAnswered ? _cursor : null;
        _isResuming = true;
        string? next = null;
        foreach (var subjects in View.Subjects.Chunk(IdsPerCall))
        {
            View.Asked(subjects, boundToHeld: cursor is not null);
            var sent = fleet.Time.GetTimestamp();
            var request = new WatchRequest([.. subjects.Select(fleet.Subjects.TextOf)], cursor);
            var result = await connection.InvokeAsync<WatchResult>(HubMethod.Watch, request, cancellationToken);
            Records.Latencies.Watch.Record(sent, fleet.Time.GetTimestamp());
            Records.Counters.Calls.Increment();
            Account(result.Entries, EntrySource.Answer);
            Reject(result.Rejected);
            next ??= result.Cursor;
        }

        _cursor = next;
        _isResuming = false;
        if (!View.IsAnswered)
        {
            Records.Violations.Add(ViolationKind.Lost, $"{Identity} got an answer to Watch that leaves subjects out");
        }
    }

    private void Reject(IReadOnlyList<RejectedSubject> rejected)
    {
        foreach (var subject in rejected)
        {
            Records.Counters.Rejected.Increment();
            if (fleet.Account.TryFind(subject.Id, out var number))
            {
                View.Rejected(number);
            }
        }
    }

    private void Account(IReadOnlyList<PresenceEntry> entries, EntrySource source)
    {
        var receivedAt = fleet.Time.GetTimestamp();
        foreach (var entry in entries)
        {
            var seen = new EntryView { Epoch = entry.Epoch, Revision = entry.Revision };
            seen.SetText("id"u8, Encoding.UTF8.GetBytes(entry.Id));
            seen.SetText("availability"u8, Encoding.UTF8.GetBytes(entry.Availability));
            seen.SetText("activity"u8, Encoding.UTF8.GetBytes(entry.Activity));
            seen.SetText("freshness"u8, Encoding.UTF8.GetBytes(entry.Freshness));
            seen.SetText("since"u8, Instant(entry.Since));
            seen.SetText("observedAt"u8, Instant(entry.ObservedAt));
            fleet.Account.Entry(Identity, View, in seen, source, receivedAt);
        }
    }

    private static byte[] Instant(DateTimeOffset? instant) =>
        instant is { } known
            ? Encoding.ASCII.GetBytes(
                known.UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                    System.Globalization.CultureInfo.InvariantCulture))
            : [];
}
