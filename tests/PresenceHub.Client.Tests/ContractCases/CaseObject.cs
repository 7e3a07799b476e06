using System.Text.Json;

namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>An object of a case file. It remembers which members were read, so that none is passed by.</summary>
internal sealed class CaseObject(JsonElement element)
{
    private readonly HashSet<string> _read = [];

    public IEnumerable<string> Names => element.EnumerateObject().Select(member => member.Name);

    public override string ToString() => element.ToString();

    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name) =>
        Find(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetString() : null;

    public long? Number(string name) => Find(name)?.GetInt64();

    public bool IsTrue(string name) => Find(name)?.GetBoolean() is true;

    public CaseObject? Object(string name) => Find(name) is { } value ? new CaseObject(value) : null;

    public IReadOnlyList<string> Texts(string name) =>
        Find(name) is { } value ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : [];

    public IReadOnlyList<CaseObject> Objects(string name) =>
        Find(name) is { } value ? [.. value.EnumerateArray().Select(item => new CaseObject(item))] : [];

    /// <summary>Fails for a member that nothing has read.</summary>
    public void AssertRead()
    {
        var unknown = Names.Except(_read).ToArray();
        if (unknown.Length > 0)
        {
            throw new InvalidDataException($"Unknown: {string.Join(", ", unknown)} in {element}");
        }
    }

    private JsonElement? Find(string name)
    {
        _read.Add(name);
        return element.TryGetProperty(name, out var value) ? value : null;
    }
}
