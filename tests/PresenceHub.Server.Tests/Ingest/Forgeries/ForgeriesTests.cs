using System.Text.Json.Nodes;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Ingest.Forgeries;

/// <summary>Forged notifications through the hub's door: each is answered like a genuine one, changes nothing and
/// leaves no trace in the log.</summary>
[Trait("Category", "Functional")]
public sealed class ForgeriesTests(ForgeriesFixture graph) : IClassFixture<ForgeriesFixture>
{
    private static readonly ForgeryAnswer Accepted = new(202, string.Empty, "Server=Kestrel,Content-Length=0");

    public static TheoryData<string> Tokens() => [.. ForgeriesKinds.Tokens.Keys];

    public static TheoryData<string> Items() => [.. ForgeriesKinds.Items.Keys];

    public static TheoryData<string> Shapes() => [.. ForgeriesKinds.Shapes.Keys];

    public static TheoryData<string> Bodies() => [.. ForgeriesKinds.Bodies.Keys];

    [Fact]
    public async Task Post_Authentic_IsApplied()
    {
        // Without this one, all the others could pass because the test's genuine POST is none.
        var person = graph.People[3];
        var (answer, ended) = await graph.PostAsync(new ForgedPost(graph, person.ToString()).Build(), 1);
        Assert.Equal(Accepted, answer);
        Assert.Equal(1, ended.GetValueOrDefault("applied"));
        Assert.Equal(ForgedPost.Activity, (await graph.Host.ReadAsync(person))!.Activity);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public Task Post_TokenForged_ChangesNothing(string kind) => ExpectIgnoredAsync(ForgeriesKinds.Tokens[kind]);

    [Theory]
    [MemberData(nameof(Items))]
    public Task Post_ItemForged_ChangesNothing(string kind) => ExpectIgnoredAsync(ForgeriesKinds.Items[kind]);

    [Theory]
    [InlineData("unknown")]
    [InlineData("missing")]
    [InlineData("no id")]
    public Task Post_SubscriptionUnknown_ChangesNothing(string kind) =>
        ExpectIgnoredAsync(
            post =>
                post.OnItem = item =>
                    item["subscriptionId"] = kind switch
                    {
                        "unknown" => Guid.NewGuid().ToString(),
                        "missing" => null,
                        _ => "no id",
                    },
            "unknownSubscription"
        );

    [Theory]
    [InlineData("clientState")]
    [InlineData("subscriptionId")]
    public Task Post_MemberOfAnotherType_ChangesNothing(string member) =>
        ExpectIgnoredAsync(post => post.OnItem = item => item[member] = 1, "malformed");

    [Fact]
    public Task Post_UnknownLifecycleEvent_ChangesNothing() =>
        ExpectIgnoredAsync(post => post.OnItem = item => item["lifecycleEvent"] = "selfDestruct", "dropped");

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Post_BodyMalformed_IsRefusedAndChangesNothing(string kind)
    {
        var before = await StoredAsync();
        var (change, status) = ForgeriesKinds.Bodies[kind];
        var body = Forge(change);
        var (answer, _) = await graph.PostAsync(body, 0);
        Assert.Equal(status, answer.Status);
        Assert.NotEmpty(answer.Body);
        Assert.DoesNotContain(graph.ClientState, answer.Body, StringComparison.Ordinal);
        Assert.Equal(before, await StoredAsync());
        ExpectNothingLogged();
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Post_AuthenticOfAnotherShape_IsReadFromGraphInstead(string kind)
    {
        var before = await StoredAsync();
        var reads = await graph.Host.ReadsAsync();
        var (answer, ended) = await graph.PostAsync(Forge(ForgeriesKinds.Shapes[kind]), 1);
        Assert.Equal(Accepted, answer);
        Assert.Equal([KeyValuePair.Create("refreshed", 1L)], ended);
        await IngestHost.UntilAsync("the subject is read", async () => await graph.Host.ReadsAsync() > reads);
        await graph.Host.UntilIdleAsync();
        Assert.Equal(before, await StoredAsync());
        ExpectNothingLogged();
    }

    [Theory]
    [InlineData("application/json; charset=\"utf-8\"", "")]
    [InlineData("APPLICATION/json;Charset=UTF-8", "\uFEFF")]
    public async Task Post_AnotherSpelling_IsApplied(string contentType, string prefix)
    {
        var person = graph.People[6 + prefix.Length];
        var post = new ForgedPost(graph, person.ToString());
        post.OnItem = item =>
        {
            item["subscriptionId"] = item["subscriptionId"]!.GetValue<string>().ToUpperInvariant();
            item["resourceData"]!["id"] = item["resourceData"]!["id"]!.GetValue<string>().ToUpperInvariant();
        };
        var (answer, ended) = await graph.PostAsync(prefix + post.Build(), 1, contentType: contentType);
        Assert.Equal((Accepted, 1), (answer, ended.GetValueOrDefault("applied")));
        Assert.Equal(ForgedPost.Activity, (await graph.Host.ReadAsync(person))!.Activity);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_PayloadCannotBeDecrypted_IsReadFromGraphInstead(bool hasContent)
    {
        var before = await StoredAsync();
        var (answer, ended) = await graph.PostAsync(Forge(post => post.OnItem = item => Apply(item, hasContent)), 1);
        Assert.Equal(Accepted, answer);
        Assert.Equal(1, ended.GetValueOrDefault("refreshed"));
        await graph.Host.UntilIdleAsync();
        Assert.Equal(before, await StoredAsync());

        static void Apply(JsonObject item, bool hasContent)
        {
            if (hasContent)
            {
                item["encryptedContent"]!["encryptionCertificateId"] = "retired";
            }
            else
            {
                item.Remove("encryptedContent");
            }
        }
    }

    [Fact]
    public async Task Post_OlderNotification_ChangesNothing()
    {
        var person = graph.People[2];
        await graph.PostAsync(Sequenced("A5000000001", "First"), 1);
        var newer = Sequenced("A5000000002", "Second");
        await graph.PostAsync(newer, 1);
        var before = await graph.Host.ReadAsync(person);
        Assert.Equal("Second", before!.Activity);

        foreach (var again in new[] { Sequenced("A5000000001", "First"), newer, Sequenced("A0000000000", "Zeroth") })
        {
            Assert.Equal(Accepted, (await graph.PostAsync(again, 1)).Answer);
            Assert.Equal(OrderOf(before), OrderOf(await graph.Host.ReadAsync(person)));
        }

        string Sequenced(string sequenceNumber, string activity)
        {
            var post = new ForgedPost(graph, person.ToString());
            (post.Payload["sequenceNumber"], post.Payload["activity"]) = (sequenceNumber, activity);
            return post.Build();
        }
    }

    [Fact]
    public async Task Post_ForgedAndAuthenticItem_AppliesTheAuthenticOne()
    {
        var before = await StoredAsync();
        var genuine = new ForgedPost(graph, graph.People[4].ToString());
        (genuine.Payload["sequenceNumber"], genuine.Payload["activity"]) = ("A6000000000", "Genuine");
        var body = JsonNode.Parse(genuine.Build())!;
        var forged = JsonNode.Parse(Forge(post => post.OnItem = item => item["clientState"] = "forged"))!;
        body["value"]!.AsArray().Add(forged["value"]![0]!.DeepClone());

        var (_, ended) = await graph.PostAsync(body.ToJsonString(), 2);

        Assert.Equal((1, 1), (ended.GetValueOrDefault("applied"), ended.GetValueOrDefault("forged")));
        Assert.Equal("Genuine", (await graph.Host.ReadAsync(graph.People[4]))!.Activity);
        Assert.Equal(before, await StoredAsync());
    }

    private async Task ExpectIgnoredAsync(Action<ForgedPost> change, string end = "forged")
    {
        var before = await StoredAsync();
        var reads = await graph.Host.ReadsAsync();
        foreach (var toLifecycle in new[] { false, true })
        {
            var (answer, ended) = await graph.PostAsync(Forge(change), 1, toLifecycle);
            Assert.Equal(Accepted, answer);
            Assert.Equal([KeyValuePair.Create(end, 1L)], ended);
        }

        Assert.Equal(before, await StoredAsync());
        Assert.Equal(reads, await graph.Host.ReadsAsync());
        Assert.Single(await graph.Host.SubscriptionsAsync());
        ExpectNothingLogged();
    }

    private string Forge(Action<ForgedPost> change)
    {
        var post = new ForgedPost(graph, graph.People[0].ToString());
        change(post);
        return post.Build();
    }

    /// <summary>Who is forged about, who is claimed instead, and who is not covered at all.</summary>
    private async Task<string> StoredAsync() =>
        string.Join(
            ' ',
            await Task.WhenAll(
                new[] { graph.People[0], graph.People[1], graph.People[5] }.Select(async person =>
                    OrderOf(await graph.Host.ReadAsync(person))
                )
            )
        );

    private static string OrderOf(StoredEntry? entry) =>
        entry is null ? "nothing" : $"{entry.Availability}/{entry.Activity}/{entry.Revision}";

    private void ExpectNothingLogged()
    {
        var log = graph.Log;
        Assert.NotEmpty(log);
        Assert.DoesNotContain("eyJ", log, StringComparison.Ordinal);
        Assert.DoesNotContain(graph.ClientState, log, StringComparison.Ordinal);
        Assert.DoesNotContain(graph.NotificationUrl.Segments[^1], log, StringComparison.Ordinal);
        Assert.DoesNotContain(ForgedPost.Activity, log, StringComparison.Ordinal);
        Assert.NotEmpty(graph.People);
        Assert.All(graph.People, person =>
            Assert.DoesNotContain(person.ToString(), log, StringComparison.OrdinalIgnoreCase)
        );
    }
}
