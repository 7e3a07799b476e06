using System.Text.Json;

namespace PresenceHub.Benchmarks.Report;

/// <summary>The results of a run, one file per case: one that fails costs no other.</summary>
internal sealed class ResultFiles(string directory)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public string Directory => directory;

    public async Task WriteAsync(CaseResult result)
    {
        System.IO.Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(
            Path.Combine(directory, result.Case + ".json"),
            JsonSerializer.Serialize(result, Options)
        );
    }

    public async Task<IReadOnlyDictionary<string, CaseResult>> ReadAsync()
    {
        var results = new Dictionary<string, CaseResult>();
        foreach (
            var path in System.IO.Directory.Exists(directory) ? System.IO.Directory.GetFiles(directory, "*.json") : []
        )
        {
            var result = JsonSerializer.Deserialize<CaseResult>(await File.ReadAllTextAsync(path), Options)!;
            results[result.Case] = result;
        }

        return results;
    }
}
