using System.Net;
using Microsoft.Kiota.Abstractions;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.People;

/// <summary>Asks Graph for photos.</summary>
internal sealed class GraphPhotos(GraphClients graph, GraphPeople people, PeopleQueries queries)
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>Null when the person has none, or none that can be shown, and when Graph does not know the
    /// person.</summary>
    /// <param name="subject">The person.</param>
    /// <param name="side">Pixels of a side, one of Graph's sizes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PeopleNotSupportedException">Graph refuses to answer about people.</exception>
    /// <exception cref="PeopleUnavailableException">Graph cannot answer now.</exception>
    public async Task<Photo?> ReadAsync(SubjectId subject, int side, CancellationToken cancellationToken)
    {
        var (content, isRefused) = await queries.SendAsync(
            PeoplePermission.Basic,
            () => ReadOnceAsync(subject, side, cancellationToken),
            cancellationToken
        );
        if (isRefused)
        {
            // The photo of a single mailbox may be refused too. Reading the person tells whether the hub lacks the
            // permission: it throws then.
            await people.FindAsync(KeyKind.Id, [new PersonKey(KeyKind.Id, subject.ToString())], cancellationToken);
        }

        return content is null ? null : Photo.Of(content);
    }

    private async Task<(byte[]? Content, bool IsRefused)> ReadOnceAsync(
        SubjectId subject,
        int side,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var stream = await graph
                .Application.Users[subject.ToString()]
                .Photos[$"{side}x{side}"]
                .Content.GetAsync(request => PeopleQueries.Mark(request.Options), cancellationToken);
            return (stream is null ? null : await ReadBoundedAsync(stream, cancellationToken), false);
        }
        catch (ApiException error)
            when (error.ResponseStatusCode is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Forbidden)
        {
            return (null, error.ResponseStatusCode is (int)HttpStatusCode.Forbidden);
        }
    }

    /// <summary>Null when there is more than a photo may have.</summary>
    private static async Task<byte[]?> ReadBoundedAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var chunk = new byte[ChunkBytes];
        int count;
        while ((count = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (content.Length + count > Photo.MaxBytes)
            {
                return null;
            }

            content.Write(chunk, 0, count);
        }

        return content.ToArray();
    }
}
