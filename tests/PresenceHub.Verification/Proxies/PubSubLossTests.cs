using System.Text;
using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;
using StackExchange.Redis;

namespace PresenceHub.Verification.Proxies;

public sealed class PubSubLossTests
{
    [Fact]
    public async Task LoseNext_OnALinkToRedis_TheNextMessageComesOnTheSameLink()
    {
        var redis = new RedisServer();
        await redis.StartAsync();
        var loss = new PubSubLoss(":changes");
        await using var proxy = new TcpProxy(new Uri($"tcp://{redis.ConnectionString}"), loss);
        await using var reader = await ConnectionMultiplexer.ConnectAsync($"{proxy.Address.Host}:{proxy.Address.Port}");
        await using var writer = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var failures = 0;
        reader.ConnectionFailed += (_, _) => Interlocked.Increment(ref failures);
        var messages = new Signals<string>();
        await reader
            .GetSubscriber()
            .SubscribeAsync(RedisChannel.Literal("x:changes"), (_, message) => messages.Add(message!));
        await reader
            .GetSubscriber()
            .SubscribeAsync(RedisChannel.Literal("x:other"), (_, message) => messages.Add(message!));

        await PublishAsync("changes", "first");
        await messages.FirstAsync(message => message is "first");
        loss.LoseNext(2);
        await PublishAsync("other", "not lost");
        await messages.FirstAsync(message => message is "not lost");
        await PublishAsync("changes", "lost");
        await PublishAsync("changes", "lost");
        await PublishAsync("changes", "last");
        await messages.FirstAsync(message => message is "last");

        Assert.Equal(["first", "not lost", "last"], messages.All);
        Assert.Equal((2, 0, 0), (loss.Lost, loss.Stop(), failures));
        await redis.DisposeAsync();

        Task PublishAsync(string channel, string message) =>
            writer.GetDatabase().PublishAsync(RedisChannel.Literal($"x:{channel}"), message);
    }

    [Theory]
    [InlineData("*")]
    [InlineData(">")]
    public void Pass_RepliesSplitAnywhere_ArriveWhole(string messageType)
    {
        var replies = Encoding.UTF8.GetBytes(
            "+PONG\r\n"
                + messageType
                + "3\r\n$7\r\nmessage\r\n$9\r\np:changes\r\n$5\r\na\r\nbc\r\n:12\r\n$-1\r\n*-1\r\n*2\r\n*1\r\n:1\r\n$0\r\n\r\n%1\r\n+k\r\n#t\r\n"
        );
        const string WithoutMessage = "+PONG\r\n:12\r\n$-1\r\n*-1\r\n*2\r\n*1\r\n:1\r\n$0\r\n\r\n%1\r\n+k\r\n#t\r\n";
        for (var size = 1; size <= replies.Length; size++)
        {
            var loss = new PubSubLoss(":changes");
            loss.LoseNext(1);
            var (keeps, loses) = (new PubSubLoss(":changes").NewStream(), loss.NewStream());

            Assert.Equal(replies, replies.Chunk(size).SelectMany(chunk => keeps.Pass(chunk)));
            Assert.Equal(
                WithoutMessage,
                Encoding.UTF8.GetString([.. replies.Chunk(size).SelectMany(chunk => loses.Pass(chunk))])
            );
        }
    }
}
