using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.People;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.People;

public sealed class PeopleAdmissionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly PeopleAdmission _admission;

    public PeopleAdmissionTests() =>
        _admission = new PeopleAdmission(
            Options.Create(GraphSettings.Create()),
            Options.Create(new PeopleOptions()),
            _time
        );

    public void Dispose() => _admission.Dispose();

    [Fact]
    public async Task EnterAsync_GraphDoesNotAnswer_IsRefusedAfterTheLongestWait()
    {
        for (var place = 0; place < PeopleAdmission.MaxInFlight; place++)
        {
            await EnterAsync();
        }

        var waiting = EnterAsync();
        _time.Advance(PeopleAdmission.MaxWait - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<PeopleUnavailableException>(() => waiting);
    }

    [Fact]
    public async Task EnterAsync_AnAnswerComes_TakesItsPlace()
    {
        var places = new List<IDisposable>();
        for (var place = 0; place < PeopleAdmission.MaxInFlight; place++)
        {
            places.Add(await EnterAsync());
        }

        var waiting = EnterAsync();
        places[0].Dispose();

        (await waiting).Dispose();
    }

    private Task<IDisposable> EnterAsync() => _admission.EnterAsync(CancellationToken.None);
}
