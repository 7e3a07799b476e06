using System.Net.Http.Json;
using System.Text.Json;
using PresenceHub.Client;
using PresenceHub.Contracts;
using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>An operator withdraws people from a server that runs.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private readonly PolicyFile _policy = new();
    private HubServer _server = null!;
    private string _hidden = null!;
    private string _shown = null!;

    public async Task InitializeAsync()
    {
        _server = await HubServer.StartInProcessAsync(_policy.Settings);
        var people = await _server.PeopleAsync();
        (_hidden, _shown) = (people[0], people[1]);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _policy.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_OfAHiddenSubject_ForgetsItAndHearsNothingMore(bool useMessagePack)
    {
        await using var client = await WatchAsync(useMessagePack);
        var revoked = RevocationsOf(client);
        await _server.Emulator.WaitUntilCoveredAsync(_hidden, _shown);

        _policy.Hide(_hidden);

        Assert.Equal([_hidden], await revoked.FirstAsync(_ => true));
        Assert.Contains(_shown, client.Client.Entries.Keys);
        Assert.DoesNotContain(_hidden, client.Client.Entries.Keys);
        var heard = client.Entries.All.Count;
        await _server.Emulator.SetPresenceAsync(_hidden, "DoNotDisturb", "Presenting");
        await _server.Emulator.SetPresenceAsync(_shown, "DoNotDisturb", "Presenting");
        await client.ShowsAsync(_shown, "DoNotDisturb");
        Assert.DoesNotContain(client.Entries.All.Skip(heard), entry => entry.Id == _hidden);
        await AnswersLikeADeniedSubjectAsync(client);
        await _server.OutputLineAsync("Audit: subject.hide by configuration on subject ");
        await _server.OutputLineAsync(": done, 1 watchers of this node");
    }

    [Fact]
    public async Task Client_SettingsFileIsBroken_HiddenStaysHidden()
    {
        await using var client = await WatchAsync();
        var revoked = RevocationsOf(client);
        _policy.Hide(_hidden);
        await revoked.FirstAsync(_ => true);

        _policy.Break();

        await _server.OutputLineAsync(
            "The operator's policy cannot be read (config/presencehub.json is no JSON, or names a setting twice)"
        );
        await AnswersLikeADeniedSubjectAsync(client);
    }

    [Fact]
    public async Task Client_CutOffDuringTheRevocation_LearnsOfItWhenItResumes()
    {
        await using var proxy = new TcpProxy(_server.Address);
        await using var witness = await WatchAsync();
        await using var client = await WatchAsync(through: proxy.Address);
        var (revoked, witnessed) = (RevocationsOf(client), RevocationsOf(witness));

        proxy.Cut();
        await client.States.FirstAsync(state => state is PresenceConnectionState.Reconnecting);
        var heard = client.Entries.All.Count;
        _policy.Hide(_hidden);
        await witnessed.FirstAsync(_ => true);
        proxy.Mend();

        Assert.Equal([_hidden], await revoked.FirstAsync(_ => true));
        Assert.Equal([_shown], client.Client.Entries.Keys);
        Assert.Contains(client.Entries.All.Take(heard), IsHiddenLive);
        Assert.DoesNotContain(client.Entries.All.Skip(heard), IsHiddenLive);

        bool IsHiddenLive(PresenceEntry entry) => entry.Id == _hidden && entry.Freshness is Freshness.Live;
    }

    [Fact]
    public async Task Client_OfASubjectThatIsShownAgain_SeesItWhenItAsksAgain()
    {
        await using var client = await WatchAsync();
        var revoked = RevocationsOf(client);
        _policy.Hide(_hidden);
        await revoked.FirstAsync(_ => true);

        _policy.Hide();
        await Eventually.GetAsync(() => client.Client.WatchAsync([_hidden]), answer => answer.Rejected.Count is 0);

        Assert.Contains(_hidden, client.Client.Entries.Keys);
    }

    [Fact]
    public async Task Client_OfADeniedWatcher_SeesNobodyAndOthersDo()
    {
        await using var other = await WatchAsync();
        var (token, watcherId) = await _server.SignInAsync();
        await using var denied = new PresenceClient(
            new PresenceClientOptions
            {
                Url = new Uri(_server.Address, "/hubs/presence"),
                AccessTokenFactory = _ => Task.FromResult<string?>(token),
            }
        );
        var revoked = new Signals<IReadOnlyList<string>>();
        denied.Revoked += (_, args) => revoked.Add(args.Ids);
        await denied.StartAsync();
        await denied.WatchAsync([_hidden, _shown]);

        _policy.Deny(watcherId);

        Assert.Equal(new[] { _hidden, _shown }.Order(), (await revoked.FirstAsync(_ => true)).Order());
        Assert.Empty(denied.Entries);
        Assert.Equal(2, other.Client.Entries.Count);
    }

    [Fact]
    public async Task Policy_ThatCannotBeRead_LeavesTheOneBeforeInForce()
    {
        await using var client = await WatchAsync();
        var revoked = RevocationsOf(client);
        _policy.Hide(_hidden);
        await revoked.FirstAsync(_ => true);

        _policy.Hide(_shown, "not-an-id");

        await _server.OutputLineAsync("The operator's policy cannot be read");
        await AnswersLikeADeniedSubjectAsync(client);
        Assert.Equal([_shown], client.Client.Entries.Keys);
    }

    private static Signals<IReadOnlyList<string>> RevocationsOf(WatchingClient client)
    {
        var revoked = new Signals<IReadOnlyList<string>>();
        client.Client.Revoked += (_, args) => revoked.Add(args.Ids);
        return revoked;
    }

    private async Task<WatchingClient> WatchAsync(bool useMessagePack = false, Uri? through = null)
    {
        var client = await WatchingClient.ConnectAsync(_server, useMessagePack, through);
        await client.Client.WatchAsync([_hidden, _shown]);
        await client.LiveAsync(_hidden);
        await client.LiveAsync(_shown);
        return client;
    }

    private async Task AnswersLikeADeniedSubjectAsync(WatchingClient client)
    {
        var watched = await client.Client.Watch([_hidden]).Admission;
        Assert.Empty(watched.Entries);
        Assert.Equal(new RejectedSubject(_hidden, RejectionReason.NotVisible), Assert.Single(watched.Rejected));
        Assert.Empty(await client.Client.GetAsync([_hidden]));

        var (token, _) = await _server.SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/presence?ids={_hidden}");
        request.Headers.Authorization = new("Bearer", token);
        using var response = await _server.Http.SendAsync(request);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(0, body.GetProperty("entries").GetArrayLength());
        Assert.Equal("notVisible", body.GetProperty("rejected")[0].GetProperty("reason").GetString());
    }
}
