using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PresenceHub.Fleet.Scenarios;

/// <summary>Reads scenarios from JSON, and reports exactly what is wrong with one.</summary>
internal static class ScenarioFile
{
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            ReadCommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            WriteIndented = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters =
            {
                new DurationConverter(),
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            },
        };

    /// <summary>Loads a ready scenario by its name or a file by its path.</summary>
    public static Scenario Load(string nameOrPath)
    {
        if (ReadyScenarios.TryRead(nameOrPath) is { } ready)
        {
            return Parse(ready, nameOrPath);
        }

        try
        {
            return Parse(File.ReadAllText(nameOrPath), nameOrPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FleetException(
                $"There is no scenario '{nameOrPath}': name a file that can be read, or one of "
                    + $"{string.Join(", ", ReadyScenarios.Names)}.",
                exception
            );
        }
    }

    public static Scenario Parse(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(
                json,
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
            );
            CheckKeys(document.RootElement, typeof(Scenario), string.Empty, source);
            var scenario = document.RootElement.Deserialize<Scenario>(Json)
                ?? throw new FleetException($"The scenario {source} is empty: see presencehub-fleet schema.");
            ScenarioRules.Check(scenario, source);
            return scenario;
        }
        catch (JsonException exception)
        {
            var place = exception.Path is { Length: > 2 } path ? $" at '{path[2..]}'" : string.Empty;
            var line =
                exception.LineNumber is { } number && place.Length is 0 ? $" at line {number + 1}" : string.Empty;
            throw new FleetException(
                $"The scenario {source} cannot be read{place}{line}: {Reason(exception)}.",
                exception
            );
        }
    }

    // The text of System.Text.Json repeats the path and names .NET types, which do not help the author of a file.
    private static string Reason(JsonException exception) =>
        exception.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal)
            ? "the value has the wrong type or is not one of those allowed; see presencehub-fleet schema"
            : exception.Message.Split(" Path:")[0].Split(" LineNumber:")[0].TrimEnd('.');

    private static void CheckKeys(JsonElement element, Type type, string path, string source)
    {
        var info = Json.GetTypeInfo(type);
        if (element.ValueKind is not JsonValueKind.Object || info.Kind is not JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (var member in element.EnumerateObject())
        {
            var property = info.Properties.FirstOrDefault(candidate => candidate.Name == member.Name)
                ?? throw new FleetException(
                    $"The scenario {source} has the unknown key '{path}{member.Name}': "
                        + $"{(path.Length is 0 ? "the keys" : $"the keys of '{path.TrimEnd('.')}'")} are "
                        + $"{string.Join(", ", info.Properties.Select(known => known.Name))}."
                );
            CheckKeys(member.Value, property.PropertyType, $"{path}{member.Name}.", source);
        }
    }
}
