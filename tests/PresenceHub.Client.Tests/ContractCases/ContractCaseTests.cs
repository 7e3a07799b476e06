using System.Text.Json;

namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>The cases that every client of this repository passes.</summary>
public sealed class ContractCaseTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var topic in CaseFiles.Topics)
            {
                foreach (var contractCase in CaseFiles.Read(topic))
                {
                    cases.Add(topic, contractCase.Text("name")!);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case_PlayedOnTheClient_IsMet(string topic, string name)
    {
        var contractCase = CaseFiles.Read(topic).Single(candidate => candidate.Text("name") == name);
        await using var runner = new ContractCaseRunner(contractCase);
        await runner.RunAsync();
    }

    [Fact]
    public void Files_OfEachTopic_HaveCases()
    {
        Assert.True(CaseFiles.Topics.Count >= 10);
        Assert.All(CaseFiles.Topics, topic => Assert.NotEmpty(CaseFiles.Read(topic)));
    }

    [Theory]
    [InlineData("""{ "hub": "push", "entires": [] }""")]
    [InlineData("""{ "hub": "sing" }""")]
    [InlineData("""{ "wait": 1, "until": "noon" }""")]
    [InlineData("""{ "hub": "answer", "entries": [], "cursor": "c" }""")]
    public async Task Runner_StepIsUnknownOrImpossible_Fails(string step)
    {
        using var document = JsonDocument.Parse($$"""{ "name": "wrong", "steps": [{{step}}] }""");
        await using var runner = new ContractCaseRunner(new CaseObject(document.RootElement));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(runner.RunAsync);
        Assert.StartsWith("Step 1", failure.Message, StringComparison.Ordinal);
    }
}
