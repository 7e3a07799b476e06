using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Tests.Scenarios;

public sealed class ScenarioFileTests
{
    [Fact]
    public void Names_ReadyScenarios_AreTheFive() =>
        Assert.Equal(["board", "chat", "slow", "soak", "storm"], ReadyScenarios.Names);

    [Theory]
    [InlineData("board")]
    [InlineData("chat")]
    [InlineData("slow")]
    [InlineData("soak")]
    [InlineData("storm")]
    public void Load_ReadyScenario_IsValidAndHasADescription(string name)
    {
        var scenario = ScenarioFile.Load(name);

        Assert.Equal(name, scenario.Name);
        Assert.NotEmpty(scenario.Description);
    }

    [Theory]
    [InlineData("""{ "conections": 5 }""", "'conections'", "connections, protocol")]
    [InlineData("""{ "watch": { "subjets": 5 } }""", "'watch.subjets'", "the keys of 'watch' are subjects")]
    [InlineData("""{ "storm": { "at": "5s", "percent": 1 } }""", "'storm.percent'", "at, share, over")]
    [InlineData("""{ "Connections": 5 }""", "'Connections'", "connections")]
    public void Parse_UnknownKey_IsNamedWithTheKnownOnes(string json, string key, string known)
    {
        var error = Assert.Throws<FleetException>(() => ScenarioFile.Parse(json, "mine.json"));

        Assert.StartsWith(
            $"The scenario mine.json has the unknown key {key}: ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(known, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "connections": "many" }""", "at 'connections'")]
    [InlineData("""{ "duration": 30 }""", "a duration is a text such as")]
    [InlineData("""{ "watch": { "distribution": "gauss" } }""", "at 'watch.distribution'")]
    [InlineData("""{ "connections": 0 }""", "'connections' must be 1 to 1,000,000")]
    [InlineData("""{ "storm": { "at": "2m" } }""", "'storm.at' must be within the duration")]
    [InlineData("""{ "watch": { "distribution": "file" } }""", "'watch.file' must be needed for the distribution file")]
    [InlineData("""{ "connections": 5""", "cannot be read")]
    public void Parse_BadValue_IsNamedWithTheReason(string json, string part)
    {
        var error = Assert.Throws<FleetException>(() => ScenarioFile.Parse(json, "mine.json"));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PresenceHub.Fleet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoSuchFile_NamesTheReadyOnes()
    {
        var error = Assert.Throws<FleetException>(() => ScenarioFile.Load("bord"));

        Assert.Contains("board, chat, slow, soak, storm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_KeysOfEveryLevel_AreThoseOfTheScenario()
    {
        using var schema = JsonDocument.Parse(ReadyScenarios.Schema);

        AssertSameKeys(schema.RootElement, typeof(Scenario));
    }

    private static void AssertSameKeys(JsonElement schema, Type type)
    {
        var properties = schema
            .GetProperty("properties")
            .EnumerateObject()
            .ToDictionary(member => member.Name, member => member.Value);
        var known = ScenarioFile.Json.GetTypeInfo(type).Properties;
        Assert.Equal(known.Select(property => property.Name).Order(), properties.Keys.Order());
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        foreach (
            var property in known.Where(property =>
                ScenarioFile.Json.GetTypeInfo(property.PropertyType).Kind is JsonTypeInfoKind.Object
            )
        )
        {
            AssertSameKeys(properties[property.Name], property.PropertyType);
        }
    }
}
