using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class MessageSizeTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 4 };

    [Theory]
    [InlineData(1, 65_536)]
    [InlineData(960, 65_536)]
    [InlineData(1_000, 68_096)]
    [InlineData(2_000, 132_096)]
    [InlineData(10_000, 644_096)]
    public void MaxBytes_FollowsTheIdsOfACall(int maxIdsPerCall, int bytes) =>
        Assert.Equal(bytes, MessageSize.MaxBytes(LimitedTo(maxIdsPerCall)));

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(10_000)]
    public void MaxBytes_LargestCall_FitsInEveryForm(int maxIdsPerCall)
    {
        var ids = Enumerable.Range(0, maxIdsPerCall).Select(_ => $"{Guid.NewGuid()}").ToArray();
        var request = new WatchRequest(ids, new string('9', 40));
        var message = new InvocationMessage($"{int.MaxValue}", "Watch", [request]);
        int[] sizes =
        [
            new JsonHubProtocol().GetMessageBytes(message).Length,
            new MessagePackHubProtocol().GetMessageBytes(message).Length,
            JsonSerializer
                .SerializeToUtf8Bytes(
                    new
                    {
                        type = 1,
                        invocationId = "1",
                        target = "Watch",
                        arguments = new[] { request },
                    },
                    Indented
                )
                .Length,
        ];
        Assert.InRange(sizes.Max(), 1, MessageSize.MaxBytes(LimitedTo(maxIdsPerCall)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryParseMessage_LargerThanAllowed_ClosesWithTheCodeAndTheLimit(bool useMessagePack)
    {
        var protocol = Limited(useMessagePack, maxIdsPerCall: 2_000);
        var binder = new NoMethods();
        var message = protocol.GetMessageBytes(new InvocationMessage("Nothing", [new string('x', 200_000)]));

        var below = new ReadOnlySequence<byte>(message[..132_095]);
        Assert.False(protocol.TryParseMessage(ref below, binder, out _));

        // SignalR cuts what it hands over at the limit.
        var closed = Assert.Throws<HubException>(() =>
        {
            var cut = new ReadOnlySequence<byte>(message[..132_096]);
            protocol.TryParseMessage(ref cut, binder, out _);
        });
        Assert.Equal("limitExceeded: a message is larger than 132096 bytes; one call may carry 2000", closed.Message);
    }

    [Fact]
    public void TryParseMessage_ManySmallMessagesAtOnce_AreRead()
    {
        var protocol = Limited(useMessagePack: false, maxIdsPerCall: 1);
        var ping = Encoding.UTF8.GetString(protocol.GetMessageBytes(PingMessage.Instance).Span);
        var input = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(ping, 6_000))));
        Assert.True(protocol.TryParseMessage(ref input, new NoMethods(), out var message));
        Assert.IsType<PingMessage>(message);
    }

    private static WatchListOptions LimitedTo(int maxIdsPerCall) => new() { MaxIdsPerCall = maxIdsPerCall };

    private static RateLimitedHubProtocol Limited(bool useMessagePack, int maxIdsPerCall) =>
        new(
            useMessagePack ? new MessagePackHubProtocol() : new JsonHubProtocol(),
            Options.Create(LimitedTo(maxIdsPerCall)),
            new FakeTimeProvider()
        );

    private sealed class NoMethods : IInvocationBinder
    {
        public Type GetReturnType(string invocationId) => typeof(object);

        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [typeof(string)];

        public Type GetStreamItemType(string streamId) => typeof(object);
    }
}
