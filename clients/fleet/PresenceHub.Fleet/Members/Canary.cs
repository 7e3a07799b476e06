using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Client;
using PresenceHub.Contracts;
using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Members;

/// <summary>
/// A real SignalR client with negotiation. The entries that it receives are checked by the same rules as those of light
/// connections, which shows a mistake of the light connections in the protocol.
/// </summary>
internal sealed class Canary(
    MemberIdentity identity,
    MemberView view,
    bool useMessagePack,
    FleetSurroundings fleet,
    Random random
) : IFleetMember
{
    private readonly Backoff _backoff = ReconnectBackoff.Create(random);
    private readonly MemberInbox _inbox = new(identity, view, fleet.Account);
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
                when (Failures.IsExpected(exception)
                    || exception is HubException or InvalidOperationException or AggregateException
                )
            {
                if (stoppingToken.IsCancellationRequested)
                {
                    return;
                }

                Count(exception);
                pause = _backoff.Next();
            }

            wanted = State is MemberState.Live ? fleet.Time.GetTimestamp() : wanted;
            State = MemberState.Waiting;
            await Task.Delay(pause, fleet.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Count(Exception exception)
    {
        var code = exception is HubException ? new CallResult(exception.Message, null).Code : null;
        if (
            exception is HttpRequestException
            {
                StatusCode: HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
            }
        )
        {
            Records.Counters.Refused.Increment();
        }
        else if (code is ErrorCode.Unavailable)
        {
            Records.Counters.Unavailable.Increment();
        }
        else
        {
            Records.Counters.Error($"canary: {code ?? Failures.KindOf(exception)}");
        }
    }

    private async Task LiveOnceAsync(long wanted, CancellationToken stoppingToken)
    {
        State = MemberState.Connecting;
        var hub = fleet.Hubs[(Identity.Number + _attempt++) % fleet.Hubs.Count].Address;
        await using var connection = Build(hub);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Closed += exception =>
        {
            closed.TrySetException(exception ?? new IOException("The hub closed the connection"));
            return Task.CompletedTask;
        };
        Receive(connection);
        _inbox.BeginConnection();
        await fleet.Throttle.RunAsync(
            async token =>
            {
                await StartAsync(connection, hub, token);
                return true;
            },
            stoppingToken
        );
        Records.Counters.Connects.Increment();
        State = MemberState.Watching;
        await WatchAllAsync(connection, stoppingToken);
        State = MemberState.Live;
        _backoff.Reset();
        Records.Latencies.Ready.Record(wanted, fleet.Time.GetTimestamp());
        await await Task.WhenAny(closed.Task, _inbox.Leave).WaitAsync(stoppingToken);
        await Task.Delay(await _inbox.Leave, fleet.Time, stoppingToken);
    }

    private async Task StartAsync(HubConnection connection, Uri hub, CancellationToken cancellationToken)
    {
        var identity = fleet.Identities.IdentityOf(Identity.Number);
        var token = fleet.Identities.TokenOf(identity);
        try
        {
            await connection.StartAsync(cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.StatusCode is HttpStatusCode.Unauthorized)
        {
            await TokenRefusal.HandleAsync(fleet, identity, token, hub, cancellationToken);
            throw;
        }
    }

    private HubConnection Build(Uri hub)
    {
        var builder = new HubConnectionBuilder().WithUrl(hub, connection =>
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

    private void Receive(HubConnection connection)
    {
        connection.On<PresenceEntry[]>(nameof(IPresenceClient.PresenceChanged), entries =>
            Account(entries, EntrySource.Push)
        );
        connection.On<string>(nameof(IPresenceClient.Bookmark), _inbox.Bookmark);
        connection.On<string[]>(nameof(IPresenceClient.Revoked), ids =>
            Array.ForEach(ids, id => _inbox.Revoked(Guid.Parse(id)))
        );
        connection.On<DrainNotice>(nameof(IPresenceClient.Draining), notice =>
            _inbox.Draining(TimeSpan.FromMilliseconds(notice.ReconnectAfterMs))
        );
    }

    private async Task WatchAllAsync(HubConnection connection, CancellationToken cancellationToken)
    {
        var cursor = _inbox.BeginWatching();
        string? next = null;
        await fleet.CallLimit.SplitAsync([.. View.Subjects], async subjects =>
        {
            View.Asked(subjects, boundToHeld: cursor is not null);
            var sent = fleet.Time.GetTimestamp();
            var request = new WatchRequest([.. subjects.Select(fleet.Subjects.TextOf)], cursor);
            var result = await connection.InvokeAsync<WatchResult>(HubMethod.Watch, request, cancellationToken);
            Records.Latencies.Watch.Record(sent, fleet.Time.GetTimestamp());
            Records.Counters.Calls.Increment();
            Account(result.Entries, EntrySource.Answer);
            foreach (var rejected in result.Rejected)
            {
                _inbox.Rejected(rejected.Id, rejected.Reason);
            }

            next ??= result.Cursor;
        });

        _inbox.EndWatching(next);
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
            _inbox.Entry(in seen, source, receivedAt);
        }
    }

    private static byte[] Instant(DateTimeOffset? instant) =>
        instant is { } known
            ? Encoding.ASCII.GetBytes(
                known.UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                    System.Globalization.CultureInfo.InvariantCulture
                )
            )
            : [];
}
