using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Control;

/// <summary>
/// Logs what administrators do and what is revoked: who, what, on what, and the outcome. Ids are written as keyed
/// hashes, so that a line can be matched with an id that the reader has, but tells no id by itself.
/// </summary>
internal sealed class Audit(IOptions<AuditOptions> options, ILogger<Audit> logger)
{
    /// <summary>64 bits: enough to tell the people of a tenant apart.</summary>
    private const int HashCharacters = 16;

    private volatile string _key = options.Value.Key ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether the operator has set the key. It then does not change.</summary>
    public bool HasConfiguredKey => options.Value.Key is not null;

    /// <summary>The key of the hashes.</summary>
    public string Key
    {
        get => _key;
        set => _key = value;
    }

    /// <summary>The beginning of the HMAC-SHA256 of an id in lower case, in hexadecimal digits.</summary>
    public string Hash(string id) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(_key), Encoding.UTF8.GetBytes(id.ToLowerInvariant()))
        )[..HashCharacters];

    /// <summary>A kind of thing and the hash of its id, such as <c>account 0123456789abcdef</c>.</summary>
    public string Name(string kind, string id) => $"{kind} {Hash(id)}";

    /// <param name="act">A fixed name of what was done, such as <c>account.remove</c>.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="target">What it was done to.</param>
    /// <param name="outcome"><c>done</c>, or why not.</param>
    public void Write(string act, string actor, string target, string outcome) =>
        logger.Audited(act, actor, target, outcome);
}
