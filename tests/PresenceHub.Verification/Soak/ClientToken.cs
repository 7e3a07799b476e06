namespace PresenceHub.Verification.Soak;

/// <summary>A client's token, replaced long before it expires.</summary>
internal sealed class ClientToken(Func<IReadOnlyList<SoakNode>> nodes)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    private readonly string _watcherId = Guid.NewGuid().ToString();
    private string? _token;
    private long _fetchedAt;

    public async Task<string?> GetAsync()
    {
        if (_token is null || TimeProvider.System.GetElapsedTime(_fetchedAt) > Life)
        {
            var server = nodes().First(node => node.IsInService).Server!;
            (_token, _) = await server.SignInAsync(_watcherId);
            _fetchedAt = TimeProvider.System.GetTimestamp();
        }

        return _token;
    }
}
