using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Accounts;

[Trait("Category", "Functional")]
public sealed class PendingSignInsTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private readonly IngestKeys _keys = RedisFixture.CreateKeys();
    private readonly EphemeralDataProtectionProvider _protection = new();

    [Fact]
    public async Task PutAsync_Cookie_IsEncryptedAndHiddenFromScriptsAndOtherSites()
    {
        var context = new DefaultHttpContext();
        await Create().PutAsync(context, new PendingSignIn(new SignInState("the-state"), "the-verifier"));
        var cookie = context.Response.Headers.SetCookie.ToString();
        Assert.NotEmpty(cookie);
        Assert.DoesNotContain("the-verifier", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=600", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task TryTakeAsync_SecondTime_IsNull()
    {
        var context = await BeginAsync("state");
        var taken = await Create().TryTakeAsync(context, "state");
        Assert.Equal(new PendingSignIn(new SignInState("state"), "verifier"), taken);
        Assert.Null(await Create().TryTakeAsync(context, "state"));
    }

    [Theory]
    [InlineData("other")]
    [InlineData("")]
    [InlineData(null)]
    public async Task TryTakeAsync_OtherState_IsNull(string? state) =>
        Assert.Null(await Create().TryTakeAsync(await BeginAsync("state"), state));

    [Fact]
    public async Task TryTakeAsync_AfterTenMinutes_IsNull()
    {
        var context = await BeginAsync("state");
        var life = await fixture.Redis.GetDatabase().KeyTimeToLiveAsync(_keys.SignInState("state"));
        Assert.InRange(life!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        await fixture.Redis.GetDatabase().KeyDeleteAsync(_keys.SignInState("state"));
        Assert.Null(await Create().TryTakeAsync(context, "state"));
    }

    [Fact]
    public async Task TryTakeAsync_CookieEncryptedWithOtherKeys_IsNull()
    {
        var context = await BeginAsync("state");
        Assert.Null(
            await new PendingSignIns(
                fixture.Redis,
                _keys,
                new EphemeralDataProtectionProvider(),
                Options.Create(GraphSettings.Create())
            ).TryTakeAsync(context, "state")
        );
    }

    [Fact]
    public async Task TryTakeAsync_StateWasUsedAsATicket_RemainsValid()
    {
        var context = await BeginAsync("state");
        Assert.False(await CreateTickets().TryUseAsync(new ConnectTicket("state")));
        Assert.NotNull(await Create().TryTakeAsync(context, "state"));
    }

    [Fact]
    public async Task TryTakeAsync_TicketInPlaceOfTheState_IsNullAndTheTicketRemainsValid()
    {
        // Even a cookie that was sealed for it makes no state of a ticket.
        var ticket = await CreateTicketAsync();
        var context = await BeginAsync(ticket.Value);
        await fixture.Redis.GetDatabase().KeyDeleteAsync(_keys.SignInState(ticket.Value));
        Assert.Null(await Create().TryTakeAsync(context, ticket.Value));
        Assert.True(await CreateTickets().TryUseAsync(ticket));
    }

    [Fact]
    public async Task TryUseAsync_Ticket_IsValidOnceWithinTenMinutes()
    {
        var ticket = await CreateTicketAsync();
        var life = await fixture.Redis.GetDatabase().KeyTimeToLiveAsync(_keys.ConnectTicket(ticket.Value));
        Assert.InRange(life!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.True(await CreateTickets().TryUseAsync(ticket));
        Assert.False(await CreateTickets().TryUseAsync(ticket));
        Assert.False(await CreateTickets().TryUseAsync(new ConnectTicket("never made")));
    }

    private async Task<ConnectTicket> CreateTicketAsync()
    {
        var ticket = ConnectTicket.Create();
        await CreateTickets().PutAsync(ticket);
        return ticket;
    }

    private ConnectTickets CreateTickets() => new(fixture.Redis, _keys);

    private PendingSignIns Create() => new(fixture.Redis, _keys, _protection, Options.Create(GraphSettings.Create()));

    /// <summary>The browser, on its way back.</summary>
    private async Task<DefaultHttpContext> BeginAsync(string state)
    {
        var begun = new DefaultHttpContext();
        await Create().PutAsync(begun, new PendingSignIn(new SignInState(state), "verifier"));
        var back = new DefaultHttpContext();
        back.Request.Headers.Cookie = begun.Response.Headers.SetCookie.ToString().Split(';')[0];
        return back;
    }
}
