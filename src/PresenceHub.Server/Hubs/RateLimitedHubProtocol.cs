using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Counts every message of a connection. A hub filter does not see pings, cancellations, calls of unknown methods and
/// calls that do not bind. A client that continues after it was refused is closed with <c>limitExceeded</c>, and so is
/// a client that sends too large a message, for which SignalR itself would give no code.
/// </summary>
internal sealed class RateLimitedHubProtocol(
    IHubProtocol protocol,
    IOptions<WatchListOptions> options,
    TimeProvider time
) : IHubProtocol
{
    /// <summary>The number of calls beyond the rate that are refused one by one before the connection is
    /// closed.</summary>
    private const int MaxRefused = 100;

    /// <summary>Messages besides calls: a client pings every 15 seconds, and may do so every second.</summary>
    private const int PingsPerSecond = 1;

    // The binder stands for the connection: SignalR passes nothing else of it, and each connection has its own.
    private readonly ConditionalWeakTable<IInvocationBinder, RateBucket> _messages = [];

    public string Name => protocol.Name;

    public int Version => protocol.Version;

    public TransferFormat TransferFormat => protocol.TransferFormat;

    public bool IsVersionSupported(int version) => protocol.IsVersionSupported(version);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => protocol.GetMessageBytes(message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => protocol.WriteMessage(message, output);

    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input,
        IInvocationBinder binder,
        [NotNullWhen(true)] out HubMessage? message
    )
    {
        var limits = options.Value;
        if (!protocol.TryParseMessage(ref input, binder, out message))
        {
            // SignalR passes at most the size of the largest message.
            return input.Length < MessageSize.MaxBytes(limits) ? false : throw TooLarge(limits);
        }

        var bucket = _messages.GetValue(binder, _ => new RateBucket(
            limits.CallsPerSecond + PingsPerSecond,
            limits.CallBurst + MaxRefused,
            time
        ));
        return bucket.TryTake(1, out TimeSpan _)
            ? true
            : throw new HubException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ErrorCode.LimitExceeded}: too many messages on this connection; {limits.CallsPerSecond} calls per second are possible"
                )
            );
    }

    /// <summary>The text ends like that of a call with too many ids, because clients read the number in it.</summary>
    private static HubException TooLarge(WatchListOptions limits) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{ErrorCode.LimitExceeded}: a message is larger than {MessageSize.MaxBytes(limits)} bytes; "
                    + $"one call may carry {limits.MaxIdsPerCall}"
            )
        );
}
