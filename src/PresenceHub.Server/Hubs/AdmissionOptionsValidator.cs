using Microsoft.Extensions.Options;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

[OptionsValidator]
internal sealed partial class AdmissionRangeValidator : IValidateOptions<AdmissionOptions>;

/// <summary>A call that is larger than the burst would never be admitted.</summary>
internal sealed class AdmissionOptionsValidator(IOptions<WatchListOptions> watchLists)
    : IValidateOptions<AdmissionOptions>
{
    private readonly AdmissionRangeValidator _ranges = new();

    public ValidateOptionsResult Validate(string? name, AdmissionOptions options)
    {
        var ranges = _ranges.Validate(name, options);
        if (ranges.Failed)
        {
            return ranges;
        }

        var largestCall = watchLists.Value.MaxIdsPerCall;
        return options.IdBurst >= largestCall
            ? ranges
            : ValidateOptionsResult.Fail(
                $"Admission:IdBurst is {options.IdBurst}; it must be at least WatchLists:MaxIdsPerCall, which is {largestCall}"
            );
    }
}
