namespace PresenceHub.Contracts;

/// <summary>Why a subject is not watched.</summary>
public static class RejectionReason
{
    /// <summary>The policy denies it; the answer is the same whether or not such a person exists.</summary>
    public const string NotVisible = "notVisible";

    /// <summary>The id is not a GUID.</summary>
    public const string InvalidId = "invalidId";

    /// <summary>The connection watches as many subjects as it may.</summary>
    public const string LimitExceeded = "limitExceeded";
}
