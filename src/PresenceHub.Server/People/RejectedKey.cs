namespace PresenceHub.Server.People;

/// <summary>A key without a person in the answer.</summary>
/// <param name="Key">As sent.</param>
/// <param name="Reason"><see cref="NotVisible"/>, <see cref="InvalidId"/> or <see cref="InvalidEmail"/>.</param>
internal sealed record RejectedKey(string Key, string Reason)
{
    /// <summary>There is no such person, or the policy denies the person: the answer is the same.</summary>
    public const string NotVisible = Contracts.RejectionReason.NotVisible;

    /// <summary>The id is not a GUID.</summary>
    public const string InvalidId = Contracts.RejectionReason.InvalidId;

    /// <summary>The text is not an address.</summary>
    public const string InvalidEmail = "invalidEmail";
}
