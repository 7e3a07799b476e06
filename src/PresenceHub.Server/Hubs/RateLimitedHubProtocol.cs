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
/// Counts every message of a connection: a hub filter sees neither calls of unknown methods, nor calls that do not
/// bind, pings and cancellations. A client that goes on although it is refused is closed with <c>limitExceeded</c>, and
/// so is one that sends a message larger than allowed: SignalR itself would close that connection without a code.
/// </summary>
internal sealed class RateLimitedHubProtocol(
    IHubProtocol protocol,
    IOptions<WatchListOptions> options,
    TimeProvider time
) : IHubProtocol
{
    /// <summary>Calls beyond the rate that are answered one by one before the connection is closed.</summary>
    private const int MaxRefused = 100;

    /// <summary>Besides calls: a client pings every 15 seconds, and may do so every second.</summary>
    private const int PingsPerSecond = 1;

    // SignalR hands the protocol nothing of the connection but its binder, of which each connection has one.
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
            // SignalR hands over no more than the largest message.
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

    /// <summary>The text ends like that of a call with too many ids, since clients read the number.</summary>
    private static HubException TooLarge(WatchListOptions limits) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{ErrorCode.LimitExceeded}: a message is larger than {MessageSize.MaxBytes(limits)} bytes; "
                    + $"one call may carry {limits.MaxIdsPerCall}"
            )
        );
}
