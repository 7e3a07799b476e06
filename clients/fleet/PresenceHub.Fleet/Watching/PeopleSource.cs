using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PresenceHub.Fleet.Watching;

/// <summary>Where the people to watch come from: a file, or the simulation's list.</summary>
internal static class PeopleSource
{
    private static readonly char[] Separators = [',', ';', '\t', ' '];

    /// <summary>Reads one person a line: an id, and optionally a department behind a comma.</summary>
    public static async Task<IReadOnlyList<Person>> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        var people = new List<Person>();
        foreach (var line in await FleetFile.ReadLinesAsync(path, "people", cancellationToken))
        {
            var parts = line.Split(
                Separators,
                2,
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            );
            if (!Guid.TryParseExact(parts[0], "D", out var id))
            {
                throw new FleetException(
                    $"The file of people {path} has the line '{line}', which does not begin with an object id: write "
                        + "one id a line."
                );
            }

            people.Add(new Person(id, parts.ElementAtOrDefault(1) ?? string.Empty));
        }

        return [.. people.DistinctBy(person => person.Id)];
    }

    /// <summary>Asks a simulated hub for its people.</summary>
    public static async Task<IReadOnlyList<Person>> ReadSimulationAsync(
        HttpClient http,
        Uri hub,
        CancellationToken cancellationToken
    )
    {
        using var response = await http.GetAsync(new Uri(hub, "/dev/people"), cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            throw new FleetException(
                $"{hub} does not simulate Graph, so it lists no people: name those to watch with --people FILE."
            );
        }

        response.EnsureSuccessStatusCode();
        var people = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return
        [
            .. people
                .EnumerateArray()
                .Select(person => new Person(
                    person.GetProperty("id").GetGuid(),
                    person.GetProperty("department").GetString() ?? string.Empty
                )),
        ];
    }
}
