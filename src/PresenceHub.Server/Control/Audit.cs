using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Control;

/// <summary>
/// Logs the acts of administrators and revocations: actor, act, target and outcome. Ids are written as keyed hashes, so
/// that a line can be matched with a known id, but does not reveal an id.
/// </summary>
internal sealed class Audit(IOptions<AuditOptions> options, ILogger<Audit> logger)
{
    /// <summary>64 bits are enough to distinguish the users of a tenant.</summary>
    private const int HashCharacters = 16;

    private volatile string _key = options.Value.Key ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether the operator has set the key. A configured key does not change.</summary>
    public bool HasConfiguredKey => options.Value.Key is not null;

    /// <summary>The key of the hashes.</summary>
    public string Key
    {
        get => _key;
        set => _key = value;
    }

    /// <summary>The first digits of the HMAC-SHA256 of an id in lower case, in hexadecimal.</summary>
    public string Hash(string id) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(_key), Encoding.UTF8.GetBytes(id.ToLowerInvariant()))
        )[..HashCharacters];

    /// <summary>A kind of thing and the hash of its id, such as <c>account 0123456789abcdef</c>.</summary>
    public string Name(string kind, string id) => $"{kind} {Hash(id)}";

    /// <param name="act">The fixed name of the act, such as <c>account.remove</c>.</param>
    /// <param name="actor">The administrator or caller.</param>
    /// <param name="target">The object of the act.</param>
    /// <param name="outcome"><c>done</c>, or the reason why it was not done.</param>
    public void Write(string act, string actor, string target, string outcome) =>
        logger.Audited(act, actor, target, outcome);
}
