using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Protection;

/// <summary>Reports the errors that occurred while the certificates were loaded.</summary>
internal sealed class KeyProtectionOptionsValidator(KeyCertificates certificates)
    : IValidateOptions<KeyProtectionOptions>
{
    public ValidateOptionsResult Validate(string? name, KeyProtectionOptions options) =>
        certificates.Failures is { Count: > 0 } failures
            ? ValidateOptionsResult.Fail(failures)
            : ValidateOptionsResult.Success;
}
