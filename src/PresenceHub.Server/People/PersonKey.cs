using PresenceHub.Contracts;

namespace PresenceHub.Server.People;

/// <summary>An id or address by which a person is asked for, in the form in which it is compared.</summary>
/// <param name="Text">In lower case.</param>
internal readonly record struct PersonKey(KeyKind Kind, string Text)
{
    /// <summary>Longer texts are no addresses (RFC 5321).</summary>
    private const int MaxEmailLength = 320;

    public static bool TryParse(KeyKind kind, string text, out PersonKey key)
    {
        key = default;
        if (kind is KeyKind.Id)
        {
            var isId = SubjectId.TryParse(text, out var subject);
            key = new PersonKey(kind, subject.ToString());
            return isId;
        }

        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (
            text.Length > MaxEmailLength
            || at < 1
            || at == text.Length - 1
            || text.LastIndexOf('@') != at
            || text.Any(character => char.IsWhiteSpace(character) || char.IsControl(character) || character is ',')
        )
        {
            return false;
        }

        key = new PersonKey(kind, text.ToLowerInvariant());
        return true;
    }

    /// <summary>Whether the person has this id or address.</summary>
    public bool IsOf(Person person) =>
        Kind is KeyKind.Id
            ? person.Id == Text
            : Text.Equals(person.Mail, StringComparison.OrdinalIgnoreCase)
                || Text.Equals(person.UserPrincipalName, StringComparison.OrdinalIgnoreCase);
}
