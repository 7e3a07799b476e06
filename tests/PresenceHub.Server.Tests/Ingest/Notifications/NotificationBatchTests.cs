using System.Text;
using PresenceHub.Server.Ingest.Notifications;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

public sealed class NotificationBatchTests
{
    [Fact]
    public void TryParse_AsGraphPosts_ReadsItemsAndTokens()
    {
        var batch = Parse(
            """
            {"value":[{"subscriptionId":"37a10357-9c28-4cb8-8a4f-a85a1e9b5a7b","clientState":"state","changeType":"updated",
              "resource":"communications/presences?$filter=id+in+(%27x%27)","subscriptionExpirationDateTime":"2024-04-19T23:58:00.4569264",
              "resourceData":{"@odata.type":"#Microsoft.Graph.presence","@odata.id":"users/x/presence","id":"x"},
              "encryptedContent":{"data":"d","dataSignature":"s","dataKey":"k","encryptionCertificateId":"c","encryptionCertificateThumbprint":"t"},
              "tenantId":"fec73c09-5f32-43fd-b767-9181f871fbcf"}],"validationTokens":["token"]}
            """
        )!;
        Assert.Equal(["token"], batch.ValidationTokens);
        var item = Assert.Single(batch.Items);
        Assert.Equal("37a10357-9c28-4cb8-8a4f-a85a1e9b5a7b", item.SubscriptionId);
        Assert.Equal("state", item.ClientState);
        Assert.Equal("x", item.ResourceData!.Id);
        Assert.Equal(new EncryptedContent("d", "s", "k", "c"), item.EncryptedContent);
    }

    [Fact]
    public void TryParse_ByteOrderMark_IsSkipped() => Assert.NotNull(Parse("\uFEFF" + """{"value":[]}"""));

    [Fact]
    public void TryParse_ItemWithoutAnId_HasItsAddressAndItsResource()
    {
        var item = Assert.Single(
            Parse("""{"value":[{"resource":"users/x","resourceData":{"@odata.id":"users/y"}}]}""")!.Items
        );
        Assert.Equal(("users/y", "users/x"), (item.ResourceData!.ODataId, item.Resource));
    }

    [Theory]
    [InlineData("""{"resource":5,"resourceData":{"id":"x","@odata.id":5}}""")]
    [InlineData("""{"resource":"\ud800","resourceData":{"id":"x","@odata.id":"\ud800"}}""")]
    public void TryParse_AddressOrResourceOfAnotherType_KeepsTheItem(string item) =>
        Assert.Equal("x", Assert.Single(Parse($$"""{"value":[{{item}}]}""")!.Items).ResourceData!.Id);

    [Fact]
    public void TryParse_ResourceOfAWholeSubscription_IsLeftOut() =>
        Assert.Null(
            Assert
                .Single(Parse($$"""{"value":[{"resource":"{{new string('x', SubjectText.MaxLength)}}"}]}""")!.Items)
                .Resource
        );

    [Fact]
    public void TryParse_LifecycleItem_HasItsEvent() =>
        Assert.Equal(
            "missed",
            Assert
                .Single(Parse("""{"value":[{"subscriptionId":"x","lifecycleEvent":"missed"}]}""")!.Items)
                .LifecycleEvent
        );

    [Fact]
    public void TryParse_NullTokens_ReadsNone() =>
        Assert.Empty(Parse("""{"value":[],"validationTokens":null}""")!.ValidationTokens);

    [Fact]
    public void TryParse_OneMalformedItem_KeepsTheOthers()
    {
        var batch = Parse(
            """{"value":[{"subscriptionId":"NA"},{"subscriptionId":5},"text",null,{"resourceData":[]},{"subscriptionId":"last"}]}"""
        )!;
        Assert.Equal(["NA", null, "last"], batch.Items.Select(item => item.SubscriptionId));
        Assert.Equal(3, batch.Malformed);
    }

    [Theory]
    [InlineData(
        """{"subscriptionId":null,"clientState":null,"tenantId":null,"lifecycleEvent":null,"resourceData":null,"encryptedContent":null}""",
        true
    )]
    [InlineData("""{"resourceData":{"id":null},"encryptedContent":{"data":null,"dataKey":null}}""", true)]
    [InlineData("""{"resourceData":{"ID":"x"},"unknown":[{}]}""", true)]
    [InlineData("""{"clientState":5}""", false)]
    [InlineData("""{"tenantId":{}}""", false)]
    [InlineData("""{"lifecycleEvent":true}""", true)]
    [InlineData("""{"resourceData":"x"}""", true)]
    [InlineData("""{"resourceData":{"id":1}}""", true)]
    [InlineData("""{"clientState":"\ud800"}""", false)]
    public void TryParse_ItemWithNullsOrWrongTypes_IsKeptIfItsProofCanBeRead(string item, bool taken)
    {
        var batch = Parse($$"""{"value":[{{item}}]}""")!;
        Assert.Equal((taken ? 1 : 0, taken ? 0 : 1), (batch.Items.Count, batch.Malformed));
        Assert.Null(batch.Items.SingleOrDefault()?.ResourceData?.Id);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"data":1}""")]
    [InlineData("""{"dataSignature":[]}""")]
    [InlineData("""{"dataKey":false}""")]
    [InlineData("""{"data":"d","dataSignature":"s","dataKey":"k","encryptionCertificateId":{}}""")]
    public void TryParse_ContentOfAnotherType_IsLeftOut(string content)
    {
        var item = Assert.Single(
            Parse($$"""{"value":[{"resourceData":{"id":"x"},"encryptedContent":{{content}}}]}""")!.Items
        );
        Assert.Equal(("x", null), (item.ResourceData!.Id, item.EncryptedContent));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"value":null}""")]
    [InlineData("""{"value":{}}""")]
    [InlineData("""{"value":[],"validationTokens":"token"}""")]
    [InlineData("""{"value":[],"validationTokens":[1]}""")]
    [InlineData("""{"value":[],"value":[]}""")]
    [InlineData("""{"value":[{"clientState":"a","clientState":"b"}]}""")]
    [InlineData("""{"value":[],"\ud800":1}""")]
    [InlineData("""{"value":[],"validationTokens":["\ud800"]}""")]
    [InlineData("""{"value":[{"\udfff":1}]}""")]
    public void TryParse_NotACollection_IsRefused(string json) => Assert.Null(Parse(json));

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void TryParse_ManyItems_AreAcceptedUpToALimit(int items, bool taken) =>
        Assert.Equal(
            taken,
            Parse($$"""{"value":[{{string.Join(',', Enumerable.Repeat("{}", items))}}]}""") is not null
        );

    [Theory]
    [InlineData(16, 8192, true)]
    [InlineData(17, 1, false)]
    [InlineData(1, 8193, false)]
    public void TryParse_ManyOrLongTokens_AreAcceptedUpToALimit(int tokens, int length, bool taken) =>
        Assert.Equal(
            taken,
            Parse(
                $$"""{"value":[],"validationTokens":[{{string.Join(',', Enumerable.Repeat($"\"{new string('a', length)}\"", tokens))}}]}"""
            )
                is not null
        );

    [Theory]
    [InlineData(14, true)]
    [InlineData(15, false)]
    public void TryParse_DeepNesting_IsAcceptedUpToALimit(int depth, bool taken) =>
        Assert.Equal(
            taken,
            Parse($$"""{"value":[{{new string('[', depth)}}{{new string(']', depth)}}]}""") is not null
        );

    private static NotificationBatch? Parse(string json) =>
        NotificationBatch.TryParse(Encoding.UTF8.GetBytes(json), 0, _ => true, out var batch) ? batch : null;
}
