using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Polling;

public sealed class PresenceReaderTests
{
    private static readonly SubjectId One = new(Guid.Parse("00000000-0000-0000-0000-00000000000a"));
    private static readonly SubjectId Two = new(Guid.Parse("00000000-0000-0000-0000-00000000000b"));
    private static readonly SubjectId Three = new(Guid.Parse("00000000-0000-0000-0000-00000000000c"));

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task ReadAsync_ShuffledWithStrangers_CorrelatesById()
    {
        var observations = await ReadAsync(_ =>
            [
                Person(Three, "Away"),
                Person(new SubjectId(Guid.NewGuid()), "Busy"),
                Person(One, "Busy"),
                Person(Two, "Offline"),
            ]
        );
        Assert.Equal(
            [(One, "Busy"), (Two, "Offline"), (Three, "Away")],
            observations.Select(observation => (observation.Subject, observation.Availability))
        );
    }

    [Fact]
    public async Task ReadAsync_IdsInUpperCase_AreRecognized()
    {
        var observations = await ReadAsync(ids => [.. ids.Select(id => Person(id.ToUpperInvariant(), "Busy"))]);
        Assert.All(observations, observation => Assert.Equal("Busy", observation.Availability));
        Assert.Equal(3, observations.Count);
    }

    [Fact]
    public async Task ReadAsync_MissingOnce_IsAskedForAlone()
    {
        var asked = new List<string[]>();
        var observations = await ReadAsync(ids =>
        {
            asked.Add(ids);
            return [.. ids.Where(id => asked.Count > 1 || id != Two.ToString()).Select(id => Person(id, "Busy"))];
        });
        Assert.Equal([Two.ToString()], asked[1]);
        Assert.Equal(3, observations.Count(observation => observation.Availability is "Busy"));
    }

    [Fact]
    public async Task ReadAsync_MissingTwice_IsAnUnknownPerson()
    {
        var observations = await ReadAsync(ids =>
            [.. ids.Where(id => id != Two.ToString()).Select(id => Person(id, "Busy"))]
        );
        Assert.Equal(
            Observation.OfUnknownPerson(Two, StoreTime.FromInstant(_time.GetUtcNow())),
            Assert.Single(observations, observation => observation.Subject == Two)
        );
    }

    [Fact]
    public async Task ReadAsync_SecondReadFails_KeepsTheFirst()
    {
        var reads = 0;
        var graph = new FakeGraph(
            (_, body) => ++reads > 1 ? FakeGraph.Error(HttpStatusCode.BadGateway) : Answer([Person(One, "Busy")])
        );
        var answer = await Create(graph).ReadAsync([One, Two], NotRead, ReadKind.Page, CancellationToken.None);
        Assert.Equal([One], answer.Observations.Select(observation => observation.Subject));
    }

    [Fact]
    public async Task ReadAsync_PersonRepeated_TakesTheLaterSequenceNumber()
    {
        var observations = await ReadAsync(_ =>
            [
                Person(One, "Busy", "A0000000002"),
                Person(One, "Away", "A0000000001"),
                Person(Two, "Away", "A0000000001"),
                Person(Two, "Busy", "A0000000002"),
                Person(Three, "Busy"),
            ]
        );
        Assert.NotEmpty(observations);
        Assert.All(observations, observation => Assert.Equal("Busy", observation.Availability));
    }

    [Fact]
    public async Task ReadAsync_ValuesNobodyHasSeen_AreCarriedAsReceived()
    {
        var observations = await ReadAsync(_ =>
            [Person(One, "inSpace"), Person(Two, "BUSY"), Person(Three, "Busy", "A0129311063")]
        );
        Assert.Equal(["inSpace", "BUSY", "Busy"], observations.Select(observation => observation.Availability));
        Assert.Equal([null, null, "A0129311063"], observations.Select(observation => observation.SequenceNumber));
    }

    [Fact]
    public async Task ReadAsync_ValuesThatAreNone_AreRefusedAlone()
    {
        var observations = await ReadAsync(_ =>
            [
                Person(One, "Bu\tsy"),
                new JsonObject
                {
                    ["id"] = Two.ToString(),
                    ["availability"] = 5,
                    ["activity"] = null,
                },
                Person(Three, "Busy"),
            ]
        );
        Assert.Equal([Three], observations.Select(observation => observation.Subject));
    }

    [Fact]
    public async Task ReadAsync_StartsItsClockBeforeAsking()
    {
        var begun = StoreTime.FromInstant(_time.GetUtcNow());
        var observations = await ReadAsync(ids =>
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            return [.. ids.Select(id => Person(id, "Busy"))];
        });
        Assert.NotEmpty(observations);
        Assert.All(observations, observation => Assert.Equal(begun, observation.BegunAt));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("<html>busy</html>")]
    [InlineData("""{"value":[{"id":""")]
    [InlineData("""{"value":{}}""")]
    [InlineData("""{"value":"none"}""")]
    [InlineData("""{"value":null}""")]
    [InlineData("""{"value":[{}]}""")]
    [InlineData("""{"value":[7,null,"a"]}""")]
    [InlineData("""{"value":[{"id":7,"availability":"Busy","activity":"Busy"}]}""")]
    [InlineData("""{"value":[{"id":"\uD800","availability":"Busy","activity":"Busy"}]}""")]
    [InlineData("""{"value":[],"@odata.nextLink":"https://localhost:5001/more"}""")]
    public async Task ReadAsync_Garbage_SaysNothingAboutAnybody(string garbage) =>
        await Assert.ThrowsAnyAsync<Exception>(() =>
            Create(new FakeGraph((_, _) => FakeGraph.Json(garbage)))
                .ReadAsync([One], NotRead, ReadKind.Page, CancellationToken.None)
        );

    [Fact]
    public async Task ReadAsync_ItemWithoutIdInBothAnswers_LeavesTheMissingUnreadable()
    {
        var answer = await AnswerAsync(ids =>
            [.. ids.Where(id => id == One.ToString()).Select(id => Person(id, "Busy")), new JsonObject()]
        );
        Assert.Equal([One], answer.Observations.Select(observation => observation.Subject));
        Assert.Equal([Two, Three], answer.Unreadable);
    }

    [Fact]
    public async Task ReadAsync_ItemWithoutIdInOneAnswer_ProvesNobodyUnknown()
    {
        var reads = 0;
        var answer = await AnswerAsync(ids => ++reads > 1 ? [] : [Person(One, "Busy"), new JsonObject { ["id"] = 7 }]);
        Assert.Equal([One], answer.Observations.Select(observation => observation.Subject));
        Assert.Empty(answer.Unreadable);
    }

    [Fact]
    public async Task ReadAsync_KnownAsUnknown_IsNotAskedForASecondTime()
    {
        var graph = new FakeGraph((_, _) => Answer([Person(One, "Busy")]));
        var answer = await Create(graph)
            .ReadAsync([One, Two, Three], _ => Knowledge.Unknown, ReadKind.Page, CancellationToken.None);
        Assert.Single(graph.Requests);
        Assert.Equal(
            [Two, Three],
            answer.Observations.Where(observation => !observation.IsKnown).Select(observation => observation.Subject)
        );
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 2)]
    [InlineData(2, 0)]
    public async Task ReadAsync_KnownPeopleMissingTwice_AreOmittedWhenTheyAreMost(int answered, int omitted)
    {
        SubjectId[] people = [One, Two, Three];
        var graph = new FakeGraph(
            (_, body) =>
                Answer([
                    .. people[..answered]
                        .Where(one => body.Contains(one.ToString(), StringComparison.Ordinal))
                        .Select(one => Person(one, "Busy")),
                ])
        );
        var answer = await Create(graph).ReadAsync(people, _ => Knowledge.Known, ReadKind.Page, CancellationToken.None);
        Assert.Equal(people[(3 - omitted)..], answer.Omitted);
        Assert.Equal(3 - omitted, answer.Observations.Count);
        Assert.Equal(answered, answer.Observations.Count(observation => observation.IsKnown));
    }

    [Fact]
    public async Task ReadAsync_ConfirmationOfAMissingPerson_IsBelieved()
    {
        var graph = new FakeGraph((_, _) => Answer([]));
        var answer = await Create(graph)
            .ReadAsync([One], _ => Knowledge.Known, ReadKind.Confirmation, CancellationToken.None);
        Assert.False(Assert.Single(answer.Observations).IsKnown);
    }

    private static JsonObject Person(SubjectId subject, string availability, string? sequenceNumber = null) =>
        Person(subject.ToString(), availability, sequenceNumber);

    private static JsonObject Person(string id, string availability, string? sequenceNumber = null) =>
        new()
        {
            ["id"] = id,
            ["availability"] = availability,
            ["activity"] = availability,
            ["sequenceNumber"] = sequenceNumber,
        };

    private static HttpResponseMessage Answer(JsonObject[] people) =>
        FakeGraph.Json(new JsonObject { ["value"] = new JsonArray([.. people]) }.ToJsonString());

    private static Knowledge NotRead(SubjectId subject) => Knowledge.NotRead;

    private async Task<IReadOnlyList<Observation>> ReadAsync(Func<string[], JsonObject[]> answer) =>
        (await AnswerAsync(answer)).Observations;

    private async Task<PresenceAnswer> AnswerAsync(Func<string[], JsonObject[]> answer)
    {
        var graph = new FakeGraph(
            (_, body) =>
                Answer(answer(JsonDocument.Parse(body).RootElement.GetProperty("ids").Deserialize<string[]>()!))
        );
        return await Create(graph).ReadAsync([One, Two, Three], NotRead, ReadKind.Page, CancellationToken.None);
    }

    private PresenceReader Create(FakeGraph graph) =>
        new(
            new GraphClients(graph, Options.Create(GraphSettings.Create())),
            new StoreClock(new StoreKeys(new RedisNames(), Options.Create(new StoreOptions())), _time),
            TestMetrics.Create()
        );
}
