using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Control;

internal sealed class AuditOptions
{
    public const string SectionName = "Audit";

    /// <summary>
    /// Key of the hashes that stand for ids in audit lines: 16 characters or more, of which the UTF-8 bytes are used.
    /// Without it the nodes share a random key in Redis, which is another one after Redis has lost its data.
    /// </summary>
    [MinLength(16, ErrorMessage = "Audit:Key must have 16 characters or more")]
    public string? Key { get; set; }
}
