using PresenceHub.GraphEmulator.Subscriptions;

namespace PresenceHub.GraphEmulator.Tests.Subscriptions;

public sealed class PresenceResourceTests
{
    private const string One = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
    private const string Two = "66825e03-7ef5-42da-9069-724602c31f6b";

    [Theory]
    [InlineData("/communications/presences/" + One, 1)]
    [InlineData("communications/presences/" + One, 1)]
    [InlineData("/communications/presences?$filter=id in ('" + One + "','" + Two + "')", 2)]
    [InlineData("communications/presences?$filter=id in (" + One + ", " + Two + ")", 2)]
    [InlineData("communications/presences?$filter=id+in+(%27" + One + "%27)", 1)]
    [InlineData("/communications/presences?$filter=id in ('" + One + "','" + One + "')", 1)]
    public void TryParse_KnownForms_FindsTheSubjects(string text, int count)
    {
        Assert.Equal(count, PresenceResource.TryParse(text)!.Subjects.Count);
    }

    [Theory]
    [InlineData("/communications/presences")]
    [InlineData("/communications/presences/not-a-guid")]
    [InlineData("/communications/presences?$filter=id in ('x')")]
    [InlineData("/communications/presences?$filter=id in ()")]
    [InlineData("/communications/presences?$filter=id eq '" + One + "'")]
    [InlineData("/users/" + One + "/presence")]
    public void TryParse_AnythingElse_IsNothing(string text)
    {
        Assert.Null(PresenceResource.TryParse(text));
    }
}
