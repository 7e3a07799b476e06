using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Store;
using PresenceHub.Testing;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace PresenceHub.Server.Tests.Hosting;

/// <summary>The rights are those that the documentation tells operators to give.</summary>
[Trait("Category", "Functional")]
public sealed class RedisAccessTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Command = "ACL SETUSER presencehub ";

    private readonly RedisServer _server = new();
    private ConnectionMultiplexer _admin = null!;

    private string User => $"redis://presencehub:password@{_server.ConnectionString}";

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        _admin = await ConnectionMultiplexer.ConnectAsync($"{_server.ConnectionString},allowAdmin=true");
    }

    public async Task DisposeAsync()
    {
        await _admin.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Hub_WithTheDocumentedRights_WorksAndIsRefusedNothing()
    {
        await GrantAsync();

        await using var hub = await HubServer.StartAsync(
            new Dictionary<string, string> { ["Redis__ConnectionString"] = User }
        );
        var (token, _) = await hub.SignInAsync();
        hub.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var person = (await hub.PeopleAsync())[0];
        await Eventually.GetAsync(
            async () => await (await hub.Http.GetAsync($"/api/presence?ids={person}")).Content.ReadAsStringAsync(),
            answer => answer.Contains("availability", StringComparison.Ordinal)
        );
        await Eventually.GetAsync(() => _admin.GetDatabase().KeyExistsAsync("ph:ingest:leader"), exists => exists);
        await Eventually.GetAsync(
            () => _admin.GetDatabase().KeyExistsAsync("ph:ingest:protection-keys"),
            exists => exists
        );

        Assert.Empty(await RefusalsAsync());
    }

    [Theory]
    [InlineData("-evalsha", "command EVALSHA")]
    [InlineData("-sadd", "command SADD")]
    [InlineData("-hgetall", "command HGETALL")]
    [InlineData("-publish", "command PUBLISH")]
    [InlineData("-info", "command INFO")]
    [InlineData("resetkeys ~{ph:*", "key ph:trial")]
    [InlineData("resetkeys ~ph:*", "key {ph:00}:trial")]
    [InlineData("resetchannels &ph:*", "channel {ph:00}:probe:trial")]
    [InlineData("resetchannels &{ph:*", "channel ph:trial")]
    public async Task Check_WithoutARight_NamesItAndTheSetting(string change, string refused)
    {
        await GrantAsync();
        await _admin.GetDatabase().ExecuteAsync("ACL", ["SETUSER", "presencehub", .. change.Split(' ')]);
        await using var services = RedisNode.Build(("ConnectionStrings:Redis", User));

        var layout = (StoreLayout)services.GetService(typeof(StoreLayout))!;
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            layout.CheckAsync(CancellationToken.None)
        );

        output.WriteLine(failure.Message);
        Assert.Contains($"the {refused} ", failure.Message, StringComparison.Ordinal);
        Assert.StartsWith("ConnectionStrings:Redis", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follower_WithoutSubscribeRight_NamesTheSetting()
    {
        await GrantAsync();
        await _admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "presencehub", "-subscribe");
        await using var services = RedisNode.Build(("Redis:ConnectionString", User));
        var follower = (MirrorFollower)services.GetService(typeof(MirrorFollower))!;

        await follower.StartAsync(CancellationToken.None);
        var failure = await Eventually.GetAsync(
            () => Task.FromResult(follower.Failure),
            failure => failure?.Contains("'subscribe'", StringComparison.Ordinal) is true
        );
        await follower.StopAsync(CancellationToken.None);

        Assert.Contains("Redis:ConnectionString", failure, StringComparison.Ordinal);
    }

    private async Task GrantAsync()
    {
        var line = Assert.Single(
            await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "operations.md")),
            line => line.StartsWith(Command, StringComparison.Ordinal)
        );
        await _admin
            .GetDatabase()
            .ExecuteAsync("ACL", ["SETUSER", "presencehub", .. line[Command.Length..].Split(' ')]);
    }

    /// <summary>What was refused to the hub, apart from what its library asks for and does without.</summary>
    private async Task<string[]> RefusalsAsync()
    {
        var log = (RedisResult[])(await _admin.GetDatabase().ExecuteAsync("ACL", "LOG", "128"))!;
        return
        [
            .. log.Select(entry => entry.ToDictionary())
                .Select(entry => $"{entry["reason"]} {entry["object"]} {entry["context"]}")
                .Where(refusal =>
                    !refusal.Contains("config|get", StringComparison.Ordinal)
                    && !refusal.Contains("sentinel", StringComparison.Ordinal)
                    && !refusal.Contains("cluster|", StringComparison.Ordinal)
                    && !refusal.Contains("__Booksleeve_TieBreak", StringComparison.Ordinal)
                ),
        ];
    }
}
