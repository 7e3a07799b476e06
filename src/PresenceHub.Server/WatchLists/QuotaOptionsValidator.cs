using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.WatchLists;

/// <summary>Checks the ranges, and that no quota is smaller than the largest call, which would then always be
/// refused.</summary>
internal sealed class QuotaOptionsValidator(IOptions<WatchListOptions> watchLists) : IValidateOptions<QuotaOptions>
{
    public ValidateOptionsResult Validate(string? name, QuotaOptions options)
    {
        List<string> failures = [.. RangesOf(options, QuotaOptions.SectionName)];
        foreach (var (role, quotas) in options.Roles)
        {
            failures.AddRange(RangesOf(quotas, $"{QuotaOptions.SectionName}:Roles:{role}"));
        }

        if (failures.Count is 0)
        {
            var everyone = new RoleQuotaOptions
            {
                IdBurst = options.IdBurst,
                ColdIdsPerMinute = options.ColdIdsPerMinute,
            };
            failures.AddRange(SmallerThanACall(everyone, QuotaOptions.SectionName));
            failures.AddRange(
                options.Roles.SelectMany(role =>
                    SmallerThanACall(role.Value, $"{QuotaOptions.SectionName}:Roles:{role.Key}")
                )
            );
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> RangesOf(object options, string section)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(result => $"{section}:{result.MemberNames.First()}: {result.ErrorMessage}");
    }

    private IEnumerable<string> SmallerThanACall(RoleQuotaOptions quotas, string section)
    {
        var largestCall = watchLists.Value.MaxIdsPerCall;
        if (quotas.IdBurst < largestCall)
        {
            yield return $"{section}:IdBurst must be at least WatchLists:MaxIdsPerCall, which is {largestCall}";
        }

        if (quotas.ColdIdsPerMinute < largestCall)
        {
            yield return $"{section}:ColdIdsPerMinute must be at least WatchLists:MaxIdsPerCall, which is {largestCall}";
        }
    }
}
