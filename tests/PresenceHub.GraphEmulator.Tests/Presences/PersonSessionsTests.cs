using PresenceHub.GraphEmulator.Presences;

namespace PresenceHub.GraphEmulator.Tests.Presences;

public sealed class PersonSessionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private readonly PersonSessions _sessions = new();

    [Theory]
    [InlineData("DoNotDisturb", "Presenting", "Busy", "InAMeeting", "Presenting")]
    [InlineData("Busy", "InACall", "Available", "Available", "InACall")]
    [InlineData("Away", "Away", "Available", "Available", "Available")]
    [InlineData("Available", "Available", "DoNotDisturb", "Focusing", "Focusing")]
    public void Aggregate_SessionAndClient_HigherPrecedenceWins(
        string availability,
        string activity,
        string clientAvailability,
        string clientActivity,
        string expected
    )
    {
        Set(new PresenceState(availability, activity), TimeSpan.FromHours(1));

        Assert.Equal(
            expected,
            _sessions.Aggregate(new PresenceState(clientAvailability, clientActivity), Now).Activity
        );
    }

    [Fact]
    public void Aggregate_Preferred_WinsOverAnySession()
    {
        Set(PresenceState.Presenting, TimeSpan.FromHours(1));
        _sessions.SetPreferred(new PresenceSession(PresenceState.Away, Now, Now.AddDays(7)));

        Assert.Equal(PresenceState.Away, _sessions.Aggregate(PresenceState.Busy, Now));
        Assert.Equal(PresenceState.Busy, _sessions.Aggregate(PresenceState.Busy, Now.AddDays(8)));
    }

    [Fact]
    public void Aggregate_PreferredWithoutSession_IsInert()
    {
        _sessions.SetPreferred(new PresenceSession(PresenceState.DoNotDisturb, Now, Now.AddDays(1)));

        Assert.True(_sessions.Aggregate(PresenceState.OffWork, Now).IsOffline);
    }

    [Theory]
    [InlineData(4, "Available")]
    [InlineData(5, "AvailableInactive")]
    [InlineData(10, "Away")]
    [InlineData(60, "Offline")]
    public void Aggregate_AvailableSession_FadesAndExpires(int minutes, string expected)
    {
        Set(PresenceState.Available, TimeSpan.FromHours(1));

        Assert.Equal(expected, _sessions.Aggregate(PresenceState.OffWork, Now.AddMinutes(minutes)).Activity);
    }

    [Fact]
    public void NextTurn_AvailableSession_NamesEachStep()
    {
        Set(PresenceState.Available, TimeSpan.FromHours(1));

        Assert.Equal(Now.AddMinutes(5), _sessions.NextTurn(Now));
        Assert.Equal(Now.AddMinutes(10), _sessions.NextTurn(Now.AddMinutes(5)));
        Assert.Equal(Now.AddHours(1), _sessions.NextTurn(Now.AddMinutes(10)));
        Assert.Null(_sessions.NextTurn(Now.AddHours(1)));
    }

    [Fact]
    public void Clear_ExpiredSession_IsNotThere()
    {
        var id = Guid.NewGuid();
        _sessions.Set(id, new PresenceSession(PresenceState.InACall, Now, Now.AddMinutes(5)));

        Assert.False(_sessions.Clear(id, Now.AddMinutes(6)));
    }

    private void Set(PresenceState state, TimeSpan duration) =>
        _sessions.Set(Guid.NewGuid(), new PresenceSession(state, Now, Now + duration));
}
