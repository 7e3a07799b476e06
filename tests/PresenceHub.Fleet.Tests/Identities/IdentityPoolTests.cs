using PresenceHub.Fleet.Identities;

namespace PresenceHub.Fleet.Tests.Identities;

public sealed class IdentityPoolTests
{
    [Fact]
    public async Task Fill_Connections_FetchesATokenForEachGroup()
    {
        var pool = new IdentityPool(new FakeTokens(), 10);

        await pool.FillAsync(25, _ => { }, CancellationToken.None);

        Assert.Equal(3, pool.Count);
        Assert.Equal([0, 0, 1, 2], new[] { 0, 9, 10, 24 }.Select(pool.IdentityOf));
        Assert.Equal("2:1", pool.TokenOf(2));
    }

    [Fact]
    public async Task Fill_TooFewTokens_SaysHowManyAreNeeded()
    {
        var pool = new IdentityPool(new FakeTokens { Count = 2 }, 10);

        var error = await Assert.ThrowsAsync<FleetException>(() =>
            pool.FillAsync(25, _ => { }, CancellationToken.None)
        );

        Assert.StartsWith("25 connections need 3 tokens and there are 2: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryRenew_RefusedByManyConnections_FetchesOneNewToken()
    {
        var tokens = new FakeTokens();
        var pool = new IdentityPool(tokens, 10);
        await pool.FillAsync(10, _ => { }, CancellationToken.None);

        var renewed = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => pool.TryRenewAsync(0, "0:1", CancellationToken.None))
        );

        Assert.Equal([true, true, true, true, true], renewed);
        Assert.Equal("0:2", pool.TokenOf(0));
        Assert.Equal(2, tokens.Fetched);
    }

    [Fact]
    public async Task TryRenew_SourceHasTheSameTokenOnly_IsFalse()
    {
        var pool = new IdentityPool(new FakeTokens { Count = 1 }, 10);
        await pool.FillAsync(10, _ => { }, CancellationToken.None);

        Assert.False(await pool.TryRenewAsync(0, pool.TokenOf(0), CancellationToken.None));
    }

    [Fact]
    public void Of_Jwt_IsItsExpiry()
    {
        var payload = Convert.ToBase64String("""{"exp":1795743762}"""u8).TrimEnd('=');

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795743762), TokenExpiry.Of($"e30.{payload}.sig"));
        Assert.All(["", "opaque", "a.b.c", "e30.e30.x"], token => Assert.Null(TokenExpiry.Of(token)));
    }

    /// <summary>
    /// Tokens that say whose they are and how often one was fetched; a fixed number of them stays as it is.
    /// </summary>
    private sealed class FakeTokens : ITokenSource
    {
        private int _fetched;

        public int? Count { get; init; }

        public int Fetched => _fetched;

        public Task<string> GetAsync(int identity, CancellationToken cancellationToken)
        {
            var fetched = Interlocked.Increment(ref _fetched);
            return Task.FromResult(
                Count is null && fetched > 1 && identity is 0 ? $"{identity}:{fetched}" : $"{identity}:1"
            );
        }
    }
}
