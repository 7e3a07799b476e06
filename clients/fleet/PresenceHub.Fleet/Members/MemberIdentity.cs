namespace PresenceHub.Fleet.Members;

/// <summary>Which member of the fleet.</summary>
internal sealed record MemberIdentity(int Number, MemberKind Kind)
{
    public override string ToString() => $"{(Kind is MemberKind.Canary ? "canary" : "connection")} {Number}";
}
