namespace PresenceHub.GraphEmulator;

/// <summary>Behaviours that Graph's documentation leaves open or contradicts. Defaults are what it says, where it says
/// anything.</summary>
public sealed class GraphEmulatorSwitches
{
    /// <summary>Accept <c>http://</c> notification URLs on loopback. Default false: Graph wants https.</summary>
    public bool AllowHttpOnLoopback { get; set; }

    /// <summary>Trust any certificate of a notification URL on loopback. Default false.</summary>
    public bool TrustAnyCertificateOnLoopback { get; set; }

    /// <summary>Issue hub tokens for object ids that are not in the directory. Default true.</summary>
    public bool AllowUnknownWatchers { get; set; } = true;

    /// <summary>Let client ids other than the registered one sign users in to the hub's API, as public clients. Default
    /// true.</summary>
    public bool AllowUnknownClients { get; set; } = true;

    /// <summary>A refresh token works once. Default false: Entra leaves the old one valid.</summary>
    public bool SingleUseRefreshTokens { get; set; }

    /// <summary>How presence values are spelled. Default Pascal: what answers carry; the current value lists say
    /// camelCase.</summary>
    public PresenceCasing PresenceCasing { get; set; }

    /// <summary>What a read by ids answers for an id that is unknown or deleted. Default: leaves it out.</summary>
    public UnknownSubject UnknownSubjects { get; set; }

    /// <summary>Answer reads by ids in another order than asked. Default true: no order is promised.</summary>
    public bool ShuffleBulkReads { get; set; } = true;

    /// <summary>Answer an id as often as it was asked for. Default false: once.</summary>
    public bool RepeatDuplicateIds { get; set; }

    /// <summary><c>sequenceNumber</c> in reads of one presence. Default true.</summary>
    public bool SequenceNumberInReads { get; set; } = true;

    /// <summary><c>sequenceNumber</c> in reads by ids. Default true; the page promises all properties, its sample lacks
    /// this one.</summary>
    public bool SequenceNumberInBulkReads { get; set; } = true;

    /// <summary><c>sequenceNumber</c> in decrypted notifications. Default false, as in the documented sample.</summary>
    public bool SequenceNumberInRichData { get; set; }

    /// <summary><c>outOfOfficeSettings</c> in decrypted notifications. Default false, as in the documented
    /// sample.</summary>
    public bool OutOfOfficeInRichData { get; set; }

    /// <summary><c>workLocation</c> in reads. Default false: only newer API surfaces have it.</summary>
    public bool WorkLocationInReads { get; set; }

    /// <summary>A subscription asked to live too long is refused. Default true; false: it is shortened.</summary>
    public bool RejectTooLongLife { get; set; } = true;

    /// <summary>A renewal answers 200 and leaves the expiry as it was. Default false; seen in the field.</summary>
    public bool RenewalKeepsExpiry { get; set; }

    /// <summary>PATCH takes a new encryption certificate. Default true; the documentation contradicts itself.</summary>
    public bool CertificateChangeByRenewal { get; set; } = true;

    /// <summary>PATCH and reauthorize within 10 minutes pause deliveries until the next PATCH. Default false.</summary>
    public bool ReauthorizeNearRenewalBreaks { get; set; }

    /// <summary>A subscription that names an unknown or deleted user fails with 500 and the bad ids. Default false;
    /// seen in the field.</summary>
    public bool UnknownSubjectsFailSubscription { get; set; }

    /// <summary>How <c>Retry-After</c> is written. Default: whole seconds.</summary>
    public RetryAfterStyle RetryAfter { get; set; }

    /// <summary>Form of the tokens in rich notifications. Default V2 (<c>azp</c>); V1 has <c>appid</c> and the
    /// sts.windows.net issuer.</summary>
    public TokenVersion ValidationTokens { get; set; } = TokenVersion.V2;

    /// <summary><c>organizationId</c> in notifications. Default false.</summary>
    public bool OrganizationIdInNotifications { get; set; }

    /// <summary><c>#microsoft.graph.presence</c> as type in notifications. Default false: <c>#Microsoft.Graph</c> was
    /// observed.</summary>
    public bool LowerCaseTypeInNotifications { get; set; }

    /// <summary>An offset (<c>Z</c>) on <c>subscriptionExpirationDateTime</c> in notifications. Default false: none was
    /// observed.</summary>
    public bool OffsetInNotificationExpiry { get; set; }

    /// <summary>The resource in notifications is url-encoded. Default true, as observed.</summary>
    public bool EncodedResourceInNotifications { get; set; } = true;

    /// <summary>The resource in notifications names only who changed. Default false: the whole filter is
    /// echoed.</summary>
    public bool NarrowResourceInNotifications { get; set; }

    /// <summary>A POST that got no answer within 10 s is tried again. Default false: a retry is not promised.</summary>
    public bool RetryAfterNoAnswer { get; set; }

    /// <summary>An answer is awaited for 10 s; slow endpoints are delayed, slower ones lose notifications. Default
    /// true.</summary>
    public bool PunishSlowEndpoints { get; set; } = true;
}
