using PresenceHub.Contracts;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.People;

/// <summary>The answers to calls that cannot read people.</summary>
internal static class PeopleAnswers
{
    /// <summary>Makes a call, unless people are switched off.</summary>
    public static async Task<IResult> AnswerAsync(PeopleSupport support, Func<Task<IResult>> call)
    {
        try
        {
            support.ThrowIfDisabled();
            return await call();
        }
        catch (PeopleUnavailableException exception)
        {
            return Problems.RetryLater(
                StatusCodes.Status503ServiceUnavailable,
                exception.Message,
                exception.RetryAfter,
                members: exception.Known is { } known
                    ? new() { ["people"] = known.People, ["rejected"] = known.Rejected }
                    : []
            );
        }
        catch (PeopleNotSupportedException exception)
        {
            return Problems.Of(StatusCodes.Status501NotImplemented, exception.Message, ErrorCode.NotSupported);
        }
    }
}
