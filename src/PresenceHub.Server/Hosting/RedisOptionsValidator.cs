using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

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
        else if (!IsConnectionString(options.ConnectionString))
        {
            // The text itself may hold a password.
            failures.Add("Redis:ConnectionString cannot be read; it should look like host:6379,password=…,ssl=true");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
