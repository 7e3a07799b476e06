using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Control;

/// <summary>How audit lines are written.</summary>
internal sealed class AuditOptions
{
    public const string SectionName = "Audit";

    /// <summary>
    /// Key of the hashes that stand for ids in audit lines: at least 16 characters, of which the UTF-8 bytes are used.
    /// Without it, the nodes share a random key in Redis, which is replaced when Redis has lost its data; older lines
    /// can then no longer be matched with newer ones.
    /// </summary>
    [MinLength(16, ErrorMessage = "Audit:Key must have 16 characters or more")]
    public string? Key { get; set; }
}
