using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Protection;

/// <summary>Names what was wrong with the certificates when they were loaded.</summary>
internal sealed class KeyProtectionOptionsValidator(KeyCertificates certificates)
    : IValidateOptions<KeyProtectionOptions>
{
    public ValidateOptionsResult Validate(string? name, KeyProtectionOptions options) =>
        certificates.Failures is { Count: > 0 } failures
            ? ValidateOptionsResult.Fail(failures)
            : ValidateOptionsResult.Success;
}
