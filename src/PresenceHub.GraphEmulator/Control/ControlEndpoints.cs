using Microsoft.AspNetCore.Http.HttpResults;
using PresenceHub.GraphEmulator.Faults;
using PresenceHub.GraphEmulator.Hosting;
using PresenceHub.GraphEmulator.Notifications;
using PresenceHub.GraphEmulator.People;
using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Subscriptions;
using PresenceHub.GraphEmulator.Tokens;

namespace PresenceHub.GraphEmulator.Control;

/// <summary>
/// The control API for tests and demos. It is not part of Graph and open to every process on the machine.
/// </summary>
internal static class ControlEndpoints
{
    private const int LongestToken = 64;

    public static void MapControl(this IEndpointRouteBuilder app)
    {
        app.MapControlDescription();
        var control = app.MapGroup("/emulator");
        control
            .MapGet("/root.pem", (LoopbackCertificates certificates) =>
                Results.Text(certificates.RootPem, "application/x-pem-file")
            )
            .WithSummary("The root certificate to trust");
        control.MapGet("/people", ListPeople).WithSummary("People and their presence, in a stable order");
        control
            .MapPut("/people/{id:guid}/presence", Pin)
            .WithSummary("Shows a presence from now on; the simulation leaves the person alone");
        control
            .MapDelete("/people/{id:guid}/presence", (Guid id, PresenceBoard board) => Done(board.TryUnpin(id)))
            .WithSummary("Gives a person back to the simulation");
        control
            .MapPut("/presences", PinMany)
            .WithSummary("Shows presences of many people from now on, in the order of the list");
        control
            .MapPost("/people/{id:guid}/delete", (Guid id, PresenceBoard board) => Done(board.TryDelete(id)))
            .WithSummary("Deletes a user from the directory");
        control
            .MapGet("/subscriptions", (SubscriptionBook book) => book.List().Select(Report))
            .WithSummary("Live subscriptions");
        control
            .MapDelete("/subscriptions/{id:guid}", (Guid id, SubscriptionBook book) => Done(book.TryRemove(id)))
            .WithSummary("Ends a subscription without any notification");
        control
            .MapPost("/accounts/{id:guid}/revoke", Revoke)
            .WithSummary("Kills the tokens of an account or of an application itself");
        control.MapGet("/counters", Count).WithSummary("What was asked for and what was sent");
        control.MapGet("/faults", (FaultSet faults) => faults.Current).WithSummary("The faults in force");
        control
            .MapPut("/faults", (FaultPlan plan, FaultSet faults) => SetFaults(faults, plan))
            .WithSummary("Replaces all faults");
        control
            .MapDelete("/faults", (FaultSet faults) => SetFaults(faults, FaultPlan.None))
            .WithSummary("Ends all faults");
    }

    private static IEnumerable<PersonReport> ListPeople(
        PresenceBoard board,
        Company company,
        int from = 0,
        int count = 1_000
    )
    {
        foreach (var reading in board.ReadRange(Math.Max(0, from), Math.Max(0, count)))
        {
            _ = company.TryFind(reading.Id, out var index);
            var (person, state) = (company.Describe(index), reading.State);
            yield return new PersonReport(
                person.Id,
                person.DisplayName,
                person.Department,
                state.Availability,
                state.Activity,
                PresenceWriter.Stamp(reading.Sequence)
            );
        }
    }

    private static Results<NoContent, NotFound, BadRequest<string>> Pin(Guid id, PinRequest wanted, PresenceBoard board)
    {
        if (!IsToken(wanted.Availability) || !IsToken(wanted.Activity))
        {
            return TypedResults.BadRequest("availability and activity are needed, each one word of letters.");
        }

        return board.TryPin(id, new PresenceState(wanted.Availability!, wanted.Activity!))
            ? TypedResults.NoContent()
            : TypedResults.NotFound();
    }

    /// <summary>A list with an invalid entry changes nothing.</summary>
    private static Results<NoContent, NotFound, BadRequest<string>> PinMany(PersonPin[] wanted, PresenceBoard board)
    {
        if (!Array.TrueForAll(wanted, pin => IsToken(pin.Availability) && IsToken(pin.Activity)))
        {
            return TypedResults.BadRequest("availability and activity are needed, each one word of letters.");
        }

        if (!Array.TrueForAll(wanted, pin => board.Exists(pin.Id)))
        {
            return TypedResults.NotFound();
        }

        foreach (var pin in wanted)
        {
            board.TryPin(pin.Id, new PresenceState(pin.Availability!, pin.Activity!));
        }

        return TypedResults.NoContent();
    }

    /// <summary>Revokes the tokens of an account or application, and what they have authorized.</summary>
    private static NoContent Revoke(Guid id, Revocations revocations, SubscriptionBook book, TimeProvider time)
    {
        revocations.Revoke(id);
        foreach (var subscription in book.List().Where(subscription => subscription.Owner.AccountId == id))
        {
            subscription.Change(terms => terms with { AuthorizedUntil = time.GetUtcNow(), RemindedAt = null });
        }

        return TypedResults.NoContent();
    }

    private static NoContent SetFaults(FaultSet faults, FaultPlan plan)
    {
        faults.Current = plan;
        return TypedResults.NoContent();
    }

    private static CounterReport Count(
        PresenceBoard board,
        RequestCounters counters,
        SubscriptionBook book,
        NotificationCounts notifications
    ) => new(board.Changes, counters.Read(), book.List().Count, book.MostPerAccount(), notifications.Read());

    private static SubscriptionReport Report(Subscription subscription)
    {
        var terms = subscription.Terms;
        return new SubscriptionReport(
            subscription.Id,
            subscription.Owner.ApplicationId,
            subscription.Owner.AccountId,
            terms.NotificationUrl,
            subscription.LifecycleUrl,
            subscription.IncludesResourceData,
            terms.ExpiresAt,
            terms.AuthorizedUntil,
            terms.Paused,
            subscription.Resource.Subjects.Count,
            subscription.Resource.Subjects
        );
    }

    private static bool IsToken(string? text) =>
        text is { Length: > 0 and <= LongestToken } && text.All(char.IsAsciiLetter);

    private static Results<NoContent, NotFound> Done(bool found) =>
        found ? TypedResults.NoContent() : TypedResults.NotFound();
}
