using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PresenceHub.GraphEmulator.Faults;
using PresenceHub.GraphEmulator.Hosting;
using PresenceHub.GraphEmulator.Notifications;
using PresenceHub.GraphEmulator.People;
using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Subscriptions;
using PresenceHub.GraphEmulator.Tokens;

namespace PresenceHub.GraphEmulator.Control;

/// <summary>What tests and demos turn: not part of Graph, open to everybody on the machine.</summary>
internal static class ControlEndpoints
{
    private const int LongestToken = 64;

    public static void MapControl(this IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("/emulator");
        control.MapGet("/root.pem", (LoopbackCertificates certificates) => Results.Text(certificates.RootPem, "application/x-pem-file"));
        control.MapGet("/people", ListPeople);
        control.MapPut("/people/{id:guid}/presence", Pin);
        control.MapDelete("/people/{id:guid}/presence", (Guid id, PresenceBoard board) => Done(board.TryUnpin(id)));
        control.MapPost("/people/{id:guid}/delete", (Guid id, PresenceBoard board) => Done(board.TryDelete(id)));
        control.MapGet("/subscriptions", (SubscriptionBook book) => book.List().Select(Report));
        control.MapDelete("/subscriptions/{id:guid}", (Guid id, SubscriptionBook book) => Done(book.TryRemove(id)));
        control.MapPost("/accounts/{id:guid}/revoke", Revoke);
        control.MapGet("/counters", Count);
        control.MapGet("/faults", (FaultSet faults) => faults.Current);
        control.MapPut("/faults", (FaultPlan plan, FaultSet faults) => SetFaults(faults, plan));
        control.MapDelete("/faults", (FaultSet faults) => SetFaults(faults, FaultPlan.None));
    }

    private static IEnumerable<PersonReport> ListPeople(PresenceBoard board, Company company, int from = 0, int count = 1_000)
    {
        foreach (var reading in board.ReadRange(Math.Max(0, from), Math.Max(0, count)))
        {
            _ = company.TryFind(reading.Id, out var index);
            var person = company.Describe(index);
            yield return new PersonReport(
                person.Id, person.DisplayName, person.Department, reading.State.Availability, reading.State.Activity, PresenceWriter.Stamp(reading.Sequence));
        }
    }

    private static IResult Pin(Guid id, PinRequest wanted, PresenceBoard board)
    {
        if (!IsToken(wanted.Availability) || !IsToken(wanted.Activity))
        {
            return Results.BadRequest(string.Create(CultureInfo.InvariantCulture, $"availability and activity are needed, each of 1 to {LongestToken} letters."));
        }

        return Done(board.TryPin(id, new PresenceState(wanted.Availability!, wanted.Activity!)));
    }

    /// <summary>Kills an account's tokens (or an application's own), and with them what they authorized.</summary>
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

    private static CounterReport Count(PresenceBoard board, RequestCounters counters, SubscriptionBook book, NotificationCounts notifications) =>
        new(board.Changes, counters.Read(), book.List().Count, book.MostPerAccount(), notifications.Read());

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
            subscription.Resource.Subjects);
    }

    private static bool IsToken(string? text) => text is { Length: > 0 and <= LongestToken } && text.All(char.IsAsciiLetter);

    private static IResult Done(bool found) => found ? Results.NoContent() : Results.NotFound();
}
