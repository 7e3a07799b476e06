using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Gives a server more time with each attempt to complete the handshakes of TLS and Redis. The library ends an attempt
/// when a command would time out or when the next attempt is due, so that a slow server would never be connected to.
/// Otherwise both times are short: calls to a dead server must fail soon, and a server that is back must be found soon.
/// </summary>
/// <remarks>
/// The library calls <see cref="ShouldRetry"/> for a lost connection and for one whose TLS handshake is in progress,
/// and does not say for which: they are distinguished by the time at which the attempt began. It reads the timeout of
/// commands at each use, so that the timeout can be longer during a handshake.
/// </remarks>
internal sealed class HandshakePatience : Tunnel, IReconnectRetryPolicy
{
    /// <summary>
    /// Longest time for a handshake in milliseconds, unless the operator sets a longer <c>connectTimeout</c>.
    /// </summary>
    internal const int Longest = 8000;

    private const int RetryPeriod = 200;

    /// <summary>An attempt is recorded shortly after the library has begun it.</summary>
    private const int Tolerance = 100;

    /// <summary>Servers that have left a cluster never complete their attempts.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(EndPoint Server, ConnectionType Kind), Attempt> _attempts = [];
    private readonly ConfigurationOptions _options;
    private readonly Tunnel? _tunnel;
    private readonly HashSet<EndPoint> _sentinels;
    private readonly int _commandTimeout;
    private readonly int _longest;
    private int _patience;

    private HandshakePatience(ConfigurationOptions options)
    {
        (_options, _tunnel, _commandTimeout) = (options, options.Tunnel, options.AsyncTimeout);
        _longest = Math.Max(Longest, options.ConnectTimeout);
        _patience = Math.Max(_commandTimeout, options.ConnectTimeout);
        _sentinels = string.IsNullOrEmpty(options.ServiceName) ? [] : [.. options.EndPoints];
    }

    /// <summary>
    /// Controls the timeouts of a connection that is not yet created; the configured timeouts are the minimum.
    /// </summary>
    public static HandshakePatience AddTo(ConfigurationOptions options)
    {
        var patience = new HandshakePatience(options);
        options.ReconnectRetryPolicy = patience;
        options.Tunnel = patience;
        return patience;
    }

    /// <summary>Observes which handshakes succeed.</summary>
    public void Follow(IConnectionMultiplexer redis)
    {
        // Never unsubscribed: the options of the connection refer to this object for as long as the connection lives.
        redis.ConnectionRestored += (_, restored) =>
        {
            if (restored.EndPoint is { } server)
            {
                Complete(server, restored.ConnectionType);
            }
        };
        redis.ConnectionFailed += (_, _) => Adjust();
        if (redis.IsConnected)
        {
            // The connection was established before the handlers were added.
            lock (_lock)
            {
                _attempts.Clear();
            }
        }

        Adjust();
    }

    public bool ShouldRetry(long currentRetryCount, int timeElapsedMillisecondsSinceLastRetry)
    {
        if (timeElapsedMillisecondsSinceLastRetry < RetryPeriod)
        {
            return false;
        }

        var begun = Environment.TickCount64 - timeElapsedMillisecondsSinceLastRetry;
        lock (_lock)
        {
            return timeElapsedMillisecondsSinceLastRetry >= _patience
                || !_attempts.Values.Any(attempt => attempt.IsUnderWay && Math.Abs(attempt.Begun - begun) <= Tolerance);
        }
    }

    public override ValueTask<EndPoint?> GetSocketConnectEndpointAsync(
        EndPoint endpoint,
        CancellationToken cancellationToken
    ) =>
        _tunnel?.GetSocketConnectEndpointAsync(endpoint, cancellationToken)
        ?? base.GetSocketConnectEndpointAsync(endpoint, cancellationToken);

    public override ValueTask BeforeSocketConnectAsync(
        EndPoint endPoint,
        ConnectionType connectionType,
        Socket? socket,
        CancellationToken cancellationToken
    )
    {
        if (socket is not null && !_sentinels.Contains(endPoint))
        {
            Begin((endPoint, connectionType), socket);
        }

        return _tunnel?.BeforeSocketConnectAsync(endPoint, connectionType, socket, cancellationToken)
            ?? base.BeforeSocketConnectAsync(endPoint, connectionType, socket, cancellationToken);
    }

    public override ValueTask<Stream?> BeforeAuthenticateAsync(
        EndPoint endpoint,
        ConnectionType connectionType,
        Socket? socket,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            if (_attempts.TryGetValue((endpoint, connectionType), out var attempt) && attempt.Socket == socket)
            {
                attempt.HasReached = true;
                Adjust();
            }
        }

        return _tunnel?.BeforeAuthenticateAsync(endpoint, connectionType, socket, cancellationToken)
            ?? base.BeforeAuthenticateAsync(endpoint, connectionType, socket, cancellationToken);
    }

    private void Begin((EndPoint Server, ConnectionType Kind) connection, Socket socket)
    {
        var now = Environment.TickCount64;
        lock (_lock)
        {
            if (_attempts.TryGetValue(connection, out var last) && last.HasReached)
            {
                _patience = Math.Min(_patience * 2, _longest);
            }

            foreach (var (key, attempt) in _attempts)
            {
                if (!attempt.IsUnderWay && now - attempt.Begun > KeptFor.TotalMilliseconds)
                {
                    _attempts.Remove(key);
                }
            }

            _attempts[connection] = new Attempt(now, socket);
            Adjust();
        }
    }

    private void Complete(EndPoint server, ConnectionType kind)
    {
        lock (_lock)
        {
            _attempts.Remove((server, kind));
            if (_attempts.Count is 0)
            {
                _patience = Math.Max(_commandTimeout, _options.ConnectTimeout);
            }

            Adjust();
        }
    }

    private void Adjust()
    {
        lock (_lock)
        {
            _options.AsyncTimeout = _attempts.Values.Any(attempt => attempt.IsUnderWay) ? _patience : _commandTimeout;
        }
    }

    private sealed class Attempt(long begun, Socket socket)
    {
        public long Begun => begun;

        public Socket Socket => socket;

        /// <summary>Whether the server, or a proxy in front of it, has accepted the connection.</summary>
        public bool HasReached { get; set; }

        /// <summary>The library closes the socket of an attempt that has failed.</summary>
        public bool IsUnderWay => HasReached && socket.Connected;
    }
}
