using Azure.Core;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>
/// The application's tokens. The identity library returns a token until it expires, even after Graph began to refuse
/// it. A caller that is refused reports it, and the next request signs in again.
/// </summary>
internal sealed class ApplicationCredential(Func<TokenCredential> create) : TokenCredential
{
    private readonly Lock _gate = new();
    private TokenCredential? _current;
    private int _generation;

    /// <summary>Names the tokens handed out now.</summary>
    public int Generation
    {
        get
        {
            lock (_gate)
            {
                return _generation;
            }
        }
    }

    /// <summary>Does nothing for tokens that are forgotten already: requests that were on their way together are
    /// refused together.</summary>
    public void Forget(int generation)
    {
        lock (_gate)
        {
            if (generation == _generation)
            {
                (_generation, _current) = (_generation + 1, null);
            }
        }
    }

    public override ValueTask<AccessToken> GetTokenAsync(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    ) => Current().GetTokenAsync(requestContext, cancellationToken);

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        Current().GetToken(requestContext, cancellationToken);

    private TokenCredential Current()
    {
        lock (_gate)
        {
            return _current ??= create();
        }
    }
}
