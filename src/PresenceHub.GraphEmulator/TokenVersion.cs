namespace PresenceHub.GraphEmulator;

/// <summary>The two forms of Entra tokens.</summary>
public enum TokenVersion
{
    /// <summary>Publisher in <c>appid</c>, issuer at sts.windows.net.</summary>
    V1,

    /// <summary>Publisher in <c>azp</c>, issuer ends in <c>/v2.0</c>.</summary>
    V2,
}
