namespace PresenceHub.GraphEmulator;

/// <summary>
/// Behaviours that Graph's documentation leaves open or contradicts. The defaults follow the documentation where it
/// says anything.
/// </summary>
public sealed class GraphEmulatorSwitches
{
    /// <summary>
    /// Whether <c>http://</c> notification URLs on loopback are accepted. Default false, because Graph requires https.
    /// </summary>
    public bool AllowHttpOnLoopback { get; set; }

    /// <summary>Whether any certificate of a notification URL on loopback is trusted. Default false.</summary>
    public bool TrustAnyCertificateOnLoopback { get; set; }

    /// <summary>Whether hub tokens are issued for object ids that are not in the directory. Default true.</summary>
    public bool AllowUnknownWatchers { get; set; } = true;

    /// <summary>
    /// Whether client ids other than the registered one may sign users in to the hub's API, as public clients. Default
    /// true.
    /// </summary>
    public bool AllowUnknownClients { get; set; } = true;

    /// <summary>Whether a refresh token works only once. Default false: Entra leaves the old one valid.</summary>
    public bool SingleUseRefreshTokens { get; set; }

    /// <summary>
    /// How presence values are spelled. Default <c>Pascal</c>, as in answers; the current value lists say camelCase.
    /// </summary>
    public PresenceCasing PresenceCasing { get; set; }

    /// <summary>What a read by ids answers for an id that is unknown or deleted. Default: the id is left out.</summary>
    public UnknownSubject UnknownSubjects { get; set; }

    /// <summary>
    /// Whether reads by ids are answered in another order than requested. Default true, because no order is promised.
    /// </summary>
    public bool ShuffleBulkReads { get; set; } = true;

    /// <summary>
    /// Whether an id that is requested several times is answered as often. Default false: it is answered once.
    /// </summary>
    public bool RepeatDuplicateIds { get; set; }

    /// <summary>Whether a read of one presence carries <c>sequenceNumber</c>. Default true.</summary>
    public bool SequenceNumberInReads { get; set; } = true;

    /// <summary>
    /// Whether reads by ids carry <c>sequenceNumber</c>. Default true: the page promises all properties, but its sample
    /// lacks this one.
    /// </summary>
    public bool SequenceNumberInBulkReads { get; set; } = true;

    /// <summary>
    /// Whether decrypted notifications carry <c>sequenceNumber</c>. Default false, as in the documented sample.
    /// </summary>
    public bool SequenceNumberInRichData { get; set; }

    /// <summary>
    /// Whether decrypted notifications carry <c>outOfOfficeSettings</c>. Default false, as in the documented sample.
    /// </summary>
    public bool OutOfOfficeInRichData { get; set; }

    /// <summary>
    /// Whether reads carry <c>workLocation</c>. Default false: only newer versions of the API have it.
    /// </summary>
    public bool WorkLocationInReads { get; set; }

    /// <summary>
    /// Whether a subscription that asks for too long a lifetime is refused. Default true; with false its lifetime is
    /// shortened.
    /// </summary>
    public bool RejectTooLongLife { get; set; } = true;

    /// <summary>
    /// Whether a renewal answers 200 and leaves the expiry unchanged. Default false; such answers were observed.
    /// </summary>
    public bool RenewalKeepsExpiry { get; set; }

    /// <summary>
    /// Whether PATCH accepts a new encryption certificate. Default true; the documentation contradicts itself.
    /// </summary>
    public bool CertificateChangeByRenewal { get; set; } = true;

    /// <summary>
    /// Whether PATCH and reauthorize within 10 minutes pause deliveries until the next PATCH. Default false.
    /// </summary>
    public bool ReauthorizeNearRenewalBreaks { get; set; }

    /// <summary>
    /// Whether a subscription that names an unknown or deleted user fails with 500 and the wrong ids. Default false;
    /// such answers were observed.
    /// </summary>
    public bool UnknownSubjectsFailSubscription { get; set; }

    /// <summary>How <c>Retry-After</c> is written. Default: whole seconds.</summary>
    public RetryAfterStyle RetryAfter { get; set; }

    /// <summary>
    /// Form of the tokens in rich notifications. Default V2 (<c>azp</c>); V1 has <c>appid</c> and the sts.windows.net
    /// issuer.
    /// </summary>
    public TokenVersion ValidationTokens { get; set; } = TokenVersion.V2;

    /// <summary>Whether notifications carry <c>organizationId</c>. Default false.</summary>
    public bool OrganizationIdInNotifications { get; set; }

    /// <summary>
    /// Whether the type in notifications is <c>#microsoft.graph.presence</c>. Default false: <c>#Microsoft.Graph</c>
    /// was observed.
    /// </summary>
    public bool LowerCaseTypeInNotifications { get; set; }

    /// <summary>
    /// Whether <c>subscriptionExpirationDateTime</c> in notifications has an offset (<c>Z</c>). Default false: none was
    /// observed.
    /// </summary>
    public bool OffsetInNotificationExpiry { get; set; }

    /// <summary>Whether the resource in notifications is URL-encoded. Default true, as observed.</summary>
    public bool EncodedResourceInNotifications { get; set; } = true;

    /// <summary>
    /// Whether the resource in notifications names only the subject that changed. Default false: the whole filter is
    /// repeated.
    /// </summary>
    public bool NarrowResourceInNotifications { get; set; }

    /// <summary>
    /// Whether a POST that got no answer within 10 s is repeated. Default false: a retry is not promised.
    /// </summary>
    public bool RetryAfterNoAnswer { get; set; }

    /// <summary>
    /// Whether the emulator waits only 10 s for an answer, delays notifications to slow endpoints and drops those to
    /// slower ones. Default true.
    /// </summary>
    public bool PunishSlowEndpoints { get; set; } = true;
}
