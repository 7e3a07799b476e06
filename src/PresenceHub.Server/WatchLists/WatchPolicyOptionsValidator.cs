using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

internal sealed class WatchPolicyOptionsValidator : IValidateOptions<WatchPolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, WatchPolicyOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        string[] failures =
        [
            .. results.Select(result => result.ErrorMessage!),
            .. options
                .HiddenSubjects.Index()
                .Where(subject => !SubjectId.TryParse(subject.Item, out _))
                .Select(subject => $"WatchPolicy:HiddenSubjects:{subject.Index} must be an object id (a GUID)"),
            .. options
                .DeniedWatchers.Index()
                .Where(watcher => string.IsNullOrWhiteSpace(watcher.Item) || watcher.Item.Trim() != watcher.Item)
                .Select(watcher =>
                    $"WatchPolicy:DeniedWatchers:{watcher.Index} must be an object id, without space around it"
                ),
        ];
        return failures.Length is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
