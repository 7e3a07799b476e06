using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

internal sealed class RedisOptionsValidator : IValidateOptions<RedisOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        var failures = results.ConvertAll(result => result.ErrorMessage!);
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            failures.Add("Redis:ConnectionString is missing: the Redis server that holds the presence cache");
        }
        else if (FindProblem(options) is { } problem)
        {
            failures.Add(problem);
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? FindProblem(RedisOptions options)
    {
        try
        {
            var setting = RedisSetting.Parse(options.ConnectionString!);
            return options.TrustedRootPath is { Length: > 0 } path
                ? RedisRoots.FindProblem(path, setting.Options, options.ConnectionSetting)
                : null;
        }
        catch (FormatException exception)
        {
            return $"{options.ConnectionSetting} {exception.Message}";
        }
    }
}
