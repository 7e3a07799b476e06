namespace PresenceHub.Server.Ingest.Protection;

/// <summary>
/// The certificates that encrypt the keys of ASP.NET Data Protection in Redis. These keys encrypt the tokens of
/// connected accounts and the other secrets of the hub. Without a certificate, everyone who can read Redis can read
/// these secrets. All nodes need the same certificates.
/// </summary>
internal sealed class KeyProtectionOptions
{
    public const string SectionName = "DataProtection";

    /// <summary>
    /// PFX or PEM file with an RSA certificate and its private key. New keys are encrypted with it. It is used after
    /// its expiry too, because the keys must remain readable.
    /// </summary>
    public string? CertificatePath { get; set; }

    /// <summary>Password of the PFX file, or of an encrypted private key in the PEM file.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>
    /// Certificates with which keys were encrypted before, or will be encrypted next. They only decrypt, so that a
    /// certificate can be replaced without losing what is stored.
    /// </summary>
    public IList<OtherCertificateOptions> OtherCertificates { get; } = [];
}
