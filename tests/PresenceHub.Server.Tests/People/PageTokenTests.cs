using System.Buffers.Text;
using System.Text;
using PresenceHub.Server.People;

namespace PresenceHub.Server.Tests.People;

public sealed class PageTokenTests
{
    private const string Link = "https://graph.example/v1.0/users?$top=5&";

    [Theory]
    [InlineData("$skiptoken=RFNwdAIAAQAAABY6")]
    [InlineData("%24skiptoken=m~AQ%2BB%3D%3D&$select=id")]
    public void OfLink_ItsText_ReadsTheSameTokenWithoutEncoding(string query)
    {
        var token = PageToken.OfLink(Link + query);

        Assert.Equal(query.Split('&')[0].Split('=', 2)[1], token.Value);
        Assert.Equal(Uri.EscapeDataString(token.ToString()), token.ToString());
        Assert.True(PageToken.TryParse(token.ToString(), out var read));
        Assert.Equal(token, read);
    }

    [Theory]
    [InlineData("$skip=5")]
    [InlineData("$skiptoken=")]
    [InlineData("$skiptoken=a[b]")]
    public void OfLink_NoTokenToPassOn_Throws(string query) =>
        Assert.Throws<FormatException>(() => PageToken.OfLink(Link + query));

    [Theory]
    [InlineData("a&$filter=x")]
    [InlineData("a#b")]
    [InlineData("a b")]
    [InlineData("a\r\nHost: b")]
    [InlineData("\u00e9")]
    [InlineData("")]
    public void TryParse_MoreThanAValue_IsRefused(string value) =>
        Assert.False(PageToken.TryParse(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value)), out _));

    [Theory]
    [InlineData("https://other.example/")]
    [InlineData("a")]
    public void TryParse_NoToken_IsRefused(string text) => Assert.False(PageToken.TryParse(text, out _));

    [Fact]
    public void TryParse_LongToken_IsRefused()
    {
        Assert.True(PageToken.TryParse(Encoded(4_000), out _));
        Assert.False(PageToken.TryParse(Encoded(4_001), out _));
        Assert.False(PageToken.TryParse(new string('A', 100_000), out _));

        static string Encoded(int length) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(new string('a', length)));
    }
}
