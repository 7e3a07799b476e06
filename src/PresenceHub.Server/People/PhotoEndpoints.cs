using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.People;

/// <summary>Photos over HTTP. A photo counts as an id and not as a call: a page loads one for each person.</summary>
internal static class PhotoEndpoints
{
    public const string GetPhoto = "getPhoto";

    public static void MapPhotos(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/people/{id}/photo", GetAsync)
            .RequireAuthorization()
            .WithName(GetPhoto)
            .WithSummary("Reads the photo of a person")
            .Produces(StatusCodes.Status204NoContent)
            .Produces(StatusCodes.Status304NotModified)
            .ProducesCallProblems()
            .ProducesProblem(StatusCodes.Status501NotImplemented);

    private static Task<IResult> GetAsync(
        HttpContext context,
        PeoplePhotos photos,
        PeopleSupport support,
        CallLimits limits,
        IOptions<PeopleOptions> options,
        string id,
        string size = "48"
    )
    {
        var headers = context.Response.GetTypedHeaders();
        headers.CacheControl = new CacheControlHeaderValue { NoStore = true };
        return HttpCalls.AnswerUncountedAsync(context, watcher => PeopleAnswers.AnswerAsync(support, async () =>
            {
                var usage = limits.UsageOf(watcher, context.User);
                await limits.AdmitAsync(usage, 1, context.RequestAborted);
                if (!SubjectId.TryParse(id, out var subject))
                {
                    return Problems.Of(StatusCodes.Status400BadRequest, "The id in the address must be a GUID");
                }

                if (size is not ("48" or "96"))
                {
                    return Problems.Of(StatusCodes.Status400BadRequest, "size must be 48 or 96");
                }

                var side = int.Parse(size, CultureInfo.InvariantCulture);
                var photo = await photos.GetAsync(usage, subject, side, context.RequestAborted);

                // The same for a hidden person and for one without a photo. A browser must not show what it has kept
                // for another user.
                headers.CacheControl = new CacheControlHeaderValue
                {
                    Private = true,
                    MaxAge = options.Value.PhotoLifetime,
                };
                context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Authorization);
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return photo is null
                    ? TypedResults.NoContent()
                    : TypedResults.File(
                        photo.Content,
                        photo.ContentType,
                        entityTag: EntityTagHeaderValue.Parse(photo.Tag)
                    );
            }));
    }
}
