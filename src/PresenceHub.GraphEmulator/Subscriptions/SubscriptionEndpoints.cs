using System.Globalization;
using PresenceHub.GraphEmulator.Hosting;
using PresenceHub.GraphEmulator.Requests;
using PresenceHub.GraphEmulator.Throttling;

namespace PresenceHub.GraphEmulator.Subscriptions;

internal static class SubscriptionEndpoints
{
    private const int Page = 20;

    public static void MapSubscriptions(this IEndpointRouteBuilder graph)
    {
        var subscriptions = graph.MapGroup("/subscriptions");
        subscriptions.MapPost("", Create).Operation(new Operation("createSubscription", Budget.SubscriptionWrite));
        subscriptions.MapGet("", List).Operation(new Operation("listSubscriptions", Budget.SubscriptionList));
        subscriptions.MapGet("/{id}", Get).Operation(new Operation("getSubscription", Budget.SubscriptionRead));
        subscriptions
            .MapPatch("/{id}", Update)
            .Operation(new Operation("updateSubscription", Budget.SubscriptionWrite));
        subscriptions
            .MapDelete("/{id}", Delete)
            .Operation(new Operation("deleteSubscription", Budget.SubscriptionWrite));
        subscriptions
            .MapPost("/{id}/reauthorize", Reauthorize)
            .Operation(new Operation("reauthorizeSubscription", Budget.Reauthorize));
    }

    private static async Task<IResult> Create(
        HttpContext context,
        SubscriptionCreation creation,
        SubscriptionWriter writer,
        CancellationToken cancellationToken
    )
    {
        if (await RequestBody.ReadAsync(context.Request, cancellationToken) is not { } body)
        {
            return RequestBody.Malformed;
        }

        var (created, refusal) = await creation.CreateAsync(context.Caller(), body, cancellationToken);
        return refusal ?? new GraphResult(json => writer.WriteOne(json, created!), StatusCodes.Status201Created);
    }

    private static IResult List(
        HttpContext context,
        SubscriptionBook book,
        SubscriptionWriter writer,
        EmulatorAddress address
    )
    {
        if (OwnerOf(context) is not { } owner)
        {
            return GraphError.Forbidden();
        }

        _ = int.TryParse(
            context.Request.Query["$skiptoken"],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var from
        );
        var all = book.List(owner);
        return new GraphResult(json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", writer.Context);
            if (from + Page < all.Count)
            {
                json.WriteString("@odata.nextLink", $"{address.Origin}{context.Request.Path}?$skiptoken={from + Page}");
            }

            json.WriteStartArray("value");
            foreach (var subscription in all.Skip(from).Take(Page))
            {
                SubscriptionWriter.WriteListed(json, subscription);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static IResult Get(string id, HttpContext context, SubscriptionBook book, SubscriptionWriter writer) =>
        Find(id, context, book) is { } found
            ? new GraphResult(json => writer.WriteOne(json, found))
            : GraphError.NotASubscription(id);

    private static async Task<IResult> Update(
        string id,
        HttpContext context,
        SubscriptionBook book,
        SubscriptionRenewal renewal,
        SubscriptionWriter writer,
        CancellationToken cancellationToken
    )
    {
        if (Find(id, context, book) is not { } found)
        {
            return GraphError.NotASubscription(id);
        }

        if (await RequestBody.ReadAsync(context.Request, cancellationToken) is not { } body)
        {
            return RequestBody.Malformed;
        }

        return await renewal.RenewAsync(found, context.Caller(), body, cancellationToken)
            ?? (IResult)new GraphResult(json => writer.WriteOne(json, found));
    }

    private static IResult Delete(
        string id,
        HttpContext context,
        SubscriptionBook book,
        SubscriptionAdmission admission
    )
    {
        if (Find(id, context, book) is not { } found || !book.TryRemove(found.Id))
        {
            return GraphError.NotASubscription(id);
        }

        admission.NoteDeleted(found.Owner);
        return Results.NoContent();
    }

    private static IResult Reauthorize(
        string id,
        HttpContext context,
        SubscriptionBook book,
        SubscriptionRenewal renewal
    )
    {
        if (Find(id, context, book) is not { } found)
        {
            return GraphError.NotASubscription(id);
        }

        renewal.Reauthorize(found, context.Caller());
        return Results.NoContent();
    }

    private static Subscription? Find(string id, HttpContext context, SubscriptionBook book) =>
        Guid.TryParse(id, out var subscriptionId) && OwnerOf(context) is { } owner
            ? book.Find(subscriptionId, owner)
            : null;

    private static SubscriptionOwner? OwnerOf(HttpContext context) =>
        context.Caller() is { AccountId: { } account } caller
            ? new SubscriptionOwner(caller.ApplicationId, account)
            : null;
}
