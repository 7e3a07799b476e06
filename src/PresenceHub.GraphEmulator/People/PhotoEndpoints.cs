using System.Globalization;
using System.Text.RegularExpressions;
using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.People;

internal static partial class PhotoEndpoints
{
    /// <summary>The sizes of Graph, in pixels of a side.</summary>
    private static readonly int[] Sides = [48, 64, 96, 120, 240, 360, 432, 504, 648];

    public static void MapPhotos(this IEndpointRouteBuilder graph) =>
        graph.MapGet("/users/{id}/photos/{size}/$value", Get).Operation(new Operation("getPhoto"));

    private static IResult Get(string id, string size, HttpContext context, Company company, PresenceBoard board)
    {
        if (!UserEndpoints.MayReadUsers(context.Caller()))
        {
            return GraphError.Forbidden();
        }

        var side = SideOf(size);
        if (!Sides.Contains(side))
        {
            return GraphError.BadRequest("ErrorInvalidArgument", "The photo size is not supported.");
        }

        if (!company.TryFind(id, out var index) || !board.Exists(company.IdOf(index)))
        {
            return new GraphError(
                StatusCodes.Status404NotFound,
                "Request_ResourceNotFound",
                $"Resource '{id}' does not exist."
            );
        }

        return PersonPhoto.Exists(index)
            ? TypedResults.Bytes(PersonPhoto.Draw(company.IdOf(index), side), "image/png")
            : new GraphError(StatusCodes.Status404NotFound, "ImageNotFound", "The photo wasn't found.");
    }

    private static int SideOf(string size) =>
        Size().Match(size) is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : 0;

    [GeneratedRegex(@"^([0-9]{2,3})x\1$")]
    private static partial Regex Size();
}
