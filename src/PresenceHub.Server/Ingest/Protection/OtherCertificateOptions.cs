namespace PresenceHub.Server.Ingest.Protection;

/// <summary>A certificate that is only used to decrypt keys.</summary>
internal sealed class OtherCertificateOptions
{
    /// <summary>PFX or PEM file with an RSA certificate and its private key.</summary>
    public string? Path { get; set; }

    /// <summary>Password of the PFX file, or of an encrypted private key in the PEM file.</summary>
    public string? Password { get; set; }
}
