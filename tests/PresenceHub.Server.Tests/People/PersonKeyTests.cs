using PresenceHub.Server.People;

namespace PresenceHub.Server.Tests.People;

public sealed class PersonKeyTests
{
    [Theory]
    [InlineData("Ana.Silva@Contoso.Example", "ana.silva@contoso.example")]
    [InlineData("o'brien+x@x", "o'brien+x@x")]
    public void TryParse_Address_IsInLowerCase(string text, string expected)
    {
        Assert.True(PersonKey.TryParse(KeyKind.Email, text, out var key));
        Assert.Equal(expected, key.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ana")]
    [InlineData("@x")]
    [InlineData("ana@")]
    [InlineData("a@b@c")]
    [InlineData("a b@c")]
    [InlineData("a\u0000@c")]
    [InlineData("11111111-2222-3333-4444-555555555555")]
    public void TryParse_NoAddress_IsRefused(string text) =>
        Assert.False(PersonKey.TryParse(KeyKind.Email, text, out _));

    [Fact]
    public void TryParse_TooLongAddress_IsRefused()
    {
        Assert.True(PersonKey.TryParse(KeyKind.Email, $"{new string('a', 318)}@x", out _));
        Assert.False(PersonKey.TryParse(KeyKind.Email, $"{new string('a', 319)}@x", out _));
    }

    [Fact]
    public void TryParse_Id_IsAGuid()
    {
        Assert.True(PersonKey.TryParse(KeyKind.Id, "11111111-2222-3333-4444-55555555555A", out var key));
        Assert.Equal("11111111-2222-3333-4444-55555555555a", key.Text);
        Assert.False(PersonKey.TryParse(KeyKind.Id, "me", out _));
    }

    [Fact]
    public void IsOf_OtherSpellingOfEitherAddress_IsTrue()
    {
        var person = new Person("id", "Ana", "Ana@x.example", "ana.silva@x.example", null, null);

        Assert.True(new PersonKey(KeyKind.Email, "ana@x.example").IsOf(person));
        Assert.True(new PersonKey(KeyKind.Email, "ana.silva@x.example").IsOf(person));
        Assert.False(new PersonKey(KeyKind.Email, "silva@x.example").IsOf(person));
    }
}
