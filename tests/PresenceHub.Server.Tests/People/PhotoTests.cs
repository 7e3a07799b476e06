using PresenceHub.Server.People;

namespace PresenceHub.Server.Tests.People;

public sealed class PhotoTests
{
    [Theory]
    [InlineData("FFD8FFE000104A464946", "image/jpeg")]
    [InlineData("89504E470D0A1A0A0000000D", "image/png")]
    [InlineData("474946383961", "image/gif")]
    [InlineData("524946460A0000005745425056503820", "image/webp")]
    public void Of_Image_HasTheTypeOfItsBytesAndAStrongTag(string hex, string type)
    {
        var photo = Photo.Of(Convert.FromHexString(hex))!;

        Assert.Equal(type, photo.ContentType);
        Assert.Matches("^\"[0-9a-f]{32}\"$", photo.Tag);
        Assert.Equal(photo.Tag, Photo.Of(Convert.FromHexString(hex))!.Tag);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("<!DOCTYPE html><html/>")]
    [InlineData("{\"error\":{}}")]
    [InlineData("RIFF0000WAVE0000")]
    public void Of_NoImage_IsNull(string text) => Assert.Null(Photo.Of(System.Text.Encoding.UTF8.GetBytes(text)));
}
