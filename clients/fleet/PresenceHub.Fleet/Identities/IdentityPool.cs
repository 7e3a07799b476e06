namespace PresenceHub.Fleet.Identities;

/// <summary>
/// The tokens in use: one for a fixed number of connections, fetched before the run and renewed when the hub refuses
/// them.
/// </summary>
internal sealed class IdentityPool(ITokenSource source, int connectionsPerToken)
{
    /// <summary>Tokens fetched at once. A sign-in costs the server a signature; more would only queue there.</summary>
    private const int FetchedAtOnce = 16;

    private string[] _tokens = [];
    private Task<string>?[] _renewals = [];

    public int Count => _tokens.Length;

    /// <summary>Fetches the tokens for that many connections.</summary>
    public async Task FillAsync(int connections, Action<int> progress, CancellationToken cancellationToken)
    {
        var needed = 1 + ((connections - 1) / connectionsPerToken);
        var count = Math.Min(needed, source.Count ?? needed);
        if (count < needed)
        {
            throw new FleetException(
                $"{connections:N0} connections need {needed:N0} tokens and there are {count:N0}: add tokens, or "
                    + "share them with --connections-per-token "
                    + "(the hub allows 50 connections per watcher unless "
                    + "WatchLists:MaxConnectionsPerWatcher says otherwise)."
            );
        }

        _tokens = new string[count];
        _renewals = new Task<string>?[count];
        var done = 0;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = FetchedAtOnce,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, count, parallel, async (identity, token) =>
        {
            _tokens[identity] = await source.GetAsync(identity, token);
            progress(Interlocked.Increment(ref done));
        });
    }

    /// <summary>The identity of the n-th connection.</summary>
    public int IdentityOf(int connection) => connection / connectionsPerToken % _tokens.Length;

    public string TokenOf(int identity) => Volatile.Read(ref _tokens[identity]);

    /// <summary>
    /// Replaces a token that was refused; false when the source has no other one. Connections of one identity share
    /// the renewal.
    /// </summary>
    public async Task<bool> TryRenewAsync(int identity, string refused, CancellationToken cancellationToken)
    {
        Task<string> renewal;
        lock (_tokens)
        {
            if (_tokens[identity] != refused)
            {
                return true;
            }

            renewal = _renewals[identity] ??= source.GetAsync(identity, cancellationToken);
        }

        try
        {
            var renewed = await renewal;
            Volatile.Write(ref _tokens[identity], renewed);
            return renewed != refused;
        }
        finally
        {
            lock (_tokens)
            {
                _renewals[identity] = null;
            }
        }
    }
}
