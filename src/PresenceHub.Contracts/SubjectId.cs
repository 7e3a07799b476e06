namespace PresenceHub.Contracts;

/// <summary>The Entra object id of the user who is watched.</summary>
public readonly record struct SubjectId(Guid Value)
{
    private const int TextLength = 36;

    /// <summary>Accepts the 36-character form of a GUID in any case, and nothing else.</summary>
    public static bool TryParse(string? text, out SubjectId subject)
    {
        subject = default;
        if (text?.Length != TextLength || !Guid.TryParseExact(text, "D", out var value))
        {
            return false;
        }

        subject = new SubjectId(value);
        return true;
    }

    /// <summary>The lower-case form that the wire carries.</summary>
    public override string ToString() => Value.ToString("D");
}
