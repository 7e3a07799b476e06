using System.Text.Json;

namespace PresenceHub.FunctionalTests.People;

/// <summary>People by name, through a real server and the emulator.</summary>
public sealed class PeopleSearchTests(PeopleServer shared) : IClassFixture<PeopleServer>
{
    private const string ReadUsers = "listUsers";

    [Fact]
    public async Task Search_BeginningsOfNames_AnswersThePersonAndAsksGraphOnce()
    {
        var person = await shared.PersonAsync(40);
        var name = person.GetProperty("displayName").GetString()!;
        var text = string.Join(' ', name.Split(' ').Select(word => word[..^1]));
        JsonElement answer = default;

        Assert.Equal(1, await shared.CountAsync(ReadUsers, async () => answer = await ReadAsync(Query(text))));
        Assert.Equal(0, await shared.CountAsync(ReadUsers, () => ReadAsync(Query(text.ToUpperInvariant()))));

        var id = person.GetProperty("id").GetString();
        var found = answer
            .GetProperty("people")
            .EnumerateArray()
            .Single(found => found.GetProperty("id").GetString() == id);
        Assert.Equal((id, name), (found.GetProperty("key").GetString(), found.GetProperty("displayName").GetString()));
        Assert.Empty(answer.GetProperty("rejected").EnumerateArray());
    }

    [Fact]
    public async Task Search_Top_LimitsTheAnswerAndNotWhatGraphIsAsked()
    {
        var one = await ReadAsync($"{Query("a")}&top=1");
        Assert.Single(one.GetProperty("people").EnumerateArray());

        JsonElement ten = default;
        Assert.Equal(0, await shared.CountAsync(ReadUsers, async () => ten = await ReadAsync(Query("a"))));
        Assert.Equal(10, ten.GetProperty("people").GetArrayLength());

        // As the board asks.
        var most = await ReadAsync($"{Query("a")}&top=50");
        Assert.InRange(most.GetProperty("people").GetArrayLength(), 11, 50);
    }

    [Fact]
    public async Task Search_HiddenPeople_AreLeftOut()
    {
        var answer = await shared.ReadAsync(Query("b"), await shared.SignInDeniedAsync());

        Assert.Empty(answer.GetProperty("people").EnumerateArray());
        Assert.NotEmpty((await ReadAsync(Query("b"))).GetProperty("people").EnumerateArray());
    }

    [Theory]
    [InlineData("no such name")]
    [InlineData("quote\" OR \"displayName:a")]
    [InlineData("back\\slash")]
    public async Task Search_TextThatNoNameHas_FindsNoOne(string text) =>
        Assert.Empty((await ReadAsync(Query(text))).GetProperty("people").EnumerateArray());

    private static string Query(string text) => $"?search={Uri.EscapeDataString(text)}";

    private async Task<JsonElement> ReadAsync(string query) =>
        await shared.ReadAsync(query, await shared.SignInAsync());
}
