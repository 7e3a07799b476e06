using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Kiota.Abstractions.Serialization;

namespace PresenceHub.GraphEmulator.Tests.Subscriptions;

[Trait("Category", "Functional")]
public sealed class GraphSdkSubscriptionTests
{
    [Fact]
    public async Task Subscriptions_CreateReadRenewDelete_WorkWithTheSdk()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await using var listener = await NotificationListener.StartAsync();
        var sdk = emulator.Sdk(await emulator.UserTokenAsync());
        var people = await emulator.PeopleAsync();

        var created = await sdk.Subscriptions.PostAsync(Wanted(listener, people));
        var read = await sdk.Subscriptions[created!.Id].GetAsync();
        var listed = await sdk.Subscriptions.GetAsync();
        var renewed = await sdk.Subscriptions[created.Id]
            .PatchAsync(new Subscription { ExpirationDateTime = TimeProvider.System.GetUtcNow().AddMinutes(59) });
        await sdk.Subscriptions[created.Id].Reauthorize.PostAsync();
        await sdk.Subscriptions[created.Id].DeleteAsync();
        var gone = await Assert.ThrowsAsync<ODataError>(() => sdk.Subscriptions[created.Id].GetAsync());

        Assert.Single(listener.Validations);
        Assert.Equal(("state", "state"), (created.ClientState, read!.ClientState));
        Assert.Null(Assert.Single(listed!.Value!).ClientState);
        Assert.InRange(
            created.ExpirationDateTime!.Value - TimeProvider.System.GetUtcNow(),
            TimeSpan.FromMinutes(44),
            TimeSpan.FromMinutes(45)
        );
        Assert.True(renewed!.ExpirationDateTime > created.ExpirationDateTime);
        Assert.Equal(404, gone.ResponseStatusCode);
    }

    [Fact]
    public async Task Create_SecondForTheSameAccount_Conflicts()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await using var listener = await NotificationListener.StartAsync();
        var sdk = emulator.Sdk(await emulator.UserTokenAsync());
        var people = await emulator.PeopleAsync();
        await sdk.Subscriptions.PostAsync(Wanted(listener, people));

        var error = await Assert.ThrowsAsync<ODataError>(() =>
            sdk.Subscriptions.PostAsync(Wanted(listener, people.Take(2)))
        );

        Assert.Equal((409, "Conflict"), (error.ResponseStatusCode, error.Error!.Code));
    }

    [Fact]
    public async Task Change_RichSubscription_ArrivesEncryptedAndSigned()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await using var listener = await NotificationListener.StartAsync();
        using var key = RSA.Create(2048);
        var certificate = new CertificateRequest(
            "CN=hub",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var people = await emulator.PeopleAsync();
        var wanted = Wanted(listener, people);
        wanted.IncludeResourceData = true;
        wanted.EncryptionCertificateId = "hub-1";
        wanted.AddPublicEncryptionCertificate(certificate);
        await emulator.Sdk(await emulator.UserTokenAsync()).Subscriptions.PostAsync(wanted);

        await emulator.PinAsync(people[4], "Busy", "InAConferenceCall");
        var body = await listener.NextAsync();

        var collection = await KiotaJsonSerializer.DeserializeAsync<ChangeNotificationCollection>(
            new MemoryStream(Encoding.UTF8.GetBytes(body))
        );
        var item = Assert.Single(collection!.Value!);
        Assert.Equal("state", item.ClientState);
        Assert.Equal(certificate.Thumbprint, item.EncryptedContent!.EncryptionCertificateThumbprint);
        var presence = await item.EncryptedContent.DecryptAsync<Presence>(
            (_, _) => Task.FromResult(new X509Certificate2(certificate))
        );
        Assert.Equal((people[4], "Busy", "InAConferenceCall"), (presence.Id, presence.Availability, presence.Activity));
        Assert.Single(collection.ValidationTokens!);
    }

    [Fact]
    public async Task Change_BasicSubscription_TellsWhoAndNothingMore()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await using var listener = await NotificationListener.StartAsync();
        var people = await emulator.PeopleAsync();
        await emulator.Sdk(await emulator.UserTokenAsync()).Subscriptions.PostAsync(Wanted(listener, people.Take(3)));

        await emulator.PinAsync(people[7], "Away", "Away");
        await emulator.PinAsync(people[2], "BeRightBack", "BeRightBack");
        var body = await listener.NextAsync();

        Assert.Contains(people[2], body, StringComparison.Ordinal);
        Assert.DoesNotContain("BeRightBack", body, StringComparison.Ordinal);
        Assert.DoesNotContain(people[7], body, StringComparison.Ordinal);
        Assert.DoesNotContain("validationTokens", body, StringComparison.Ordinal);
    }

    private static Subscription Wanted(NotificationListener listener, IEnumerable<string> people) =>
        new()
        {
            ChangeType = "updated",
            NotificationUrl = listener.Url,
            Resource = $"/communications/presences?$filter=id in ({string.Join(',', people.Select(id => $"'{id}'"))})",
            ExpirationDateTime = TimeProvider.System.GetUtcNow().AddMinutes(10),
            ClientState = "state",
        };
}
