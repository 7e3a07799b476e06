namespace PresenceHub.Fleet.Identities;

/// <summary>Tokens from a file, one a line.</summary>
internal sealed class TokenFile : ITokenSource
{
    private readonly IReadOnlyList<string> _tokens;

    private TokenFile(IReadOnlyList<string> tokens) => _tokens = tokens;

    public int? Count => _tokens.Count;

    public static async Task<TokenFile> ReadAsync(string path, CancellationToken cancellationToken) =>
        new(await FleetFile.ReadLinesAsync(path, "tokens", cancellationToken));

    public Task<string> GetAsync(int identity, CancellationToken cancellationToken) =>
        Task.FromResult(_tokens[identity % _tokens.Count]);
}
