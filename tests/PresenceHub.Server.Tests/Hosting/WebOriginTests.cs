using Microsoft.AspNetCore.Http;
using PresenceHub.Server.Hosting;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class WebOriginTests
{
    [Theory]
    [InlineData("https://intranet.example", "https://intranet.example")]
    [InlineData("HTTPS://Intranet.Example:443", "https://intranet.example")]
    [InlineData("http://intranet.example:80", "http://intranet.example")]
    [InlineData("http://intranet.example:8080", "http://intranet.example:8080")]
    [InlineData("https://intranet.example:80", "https://intranet.example:80")]
    [InlineData("http://[0:0:0:0:0:0:0:1]:5080", "http://[::1]:5080")]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example")]
    [InlineData("https://BÜCHER.example", "https://xn--bcher-kva.example")]
    [InlineData("https://xn--bcher-kva.example", "https://xn--bcher-kva.example")]
    [InlineData("capacitor://localhost", "capacitor://localhost")]
    [InlineData("ionic://localhost", "ionic://localhost")]
    [InlineData(
        "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
        "chrome-extension://abcdefghijklmnopabcdefghijklmnop"
    )]
    [InlineData(
        "moz-extension://0b1c2d3e-0000-4000-8000-00000000c0de",
        "moz-extension://0b1c2d3e-0000-4000-8000-00000000c0de"
    )]
    public void TryParse_AnOrigin_HasTheFormThatBrowsersSend(string text, string expected) =>
        Assert.Equal(expected, WebOrigin.TryParse(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("intranet.example")]
    [InlineData("https://")]
    [InlineData("https://intranet.example/")]
    [InlineData("https://intranet.example/page")]
    [InlineData("https://intranet.example?x")]
    [InlineData("https://user@intranet.example")]
    [InlineData("https://*.example")]
    [InlineData("https://intranet.example:0")]
    [InlineData("https://intranet.example:65536")]
    [InlineData("https://[intranet]")]
    [InlineData("https://intranet.example\n")]
    [InlineData("https://a.example,https://b.example")]
    [InlineData("https://xn--.example..")]
    [InlineData("ftp://intranet.example")]
    [InlineData("wss://intranet.example")]
    [InlineData("file://")]
    public void TryParse_InvalidOrigin_IsNull(string text) => Assert.Null(WebOrigin.TryParse(text));

    [Theory]
    [InlineData("https://hub.example", "hub.example", true)]
    [InlineData("https://hub.example", "HUB.example:443", true)]
    [InlineData("http://hub.example", "hub.example:80", true)]
    [InlineData("http://hub.example", "hub.example", true)]
    [InlineData("https://hub.example:8443", "hub.example:8443", true)]
    [InlineData("http://[::1]:5080", "[::1]:5080", true)]
    [InlineData("https://xn--bcher-kva.example", "bücher.example", true)]
    [InlineData("https://hub.example", "hub.example:8443", false)]
    [InlineData("https://hub.example", "hub.example:80", false)]
    [InlineData("https://hub.example:8443", "hub.example", false)]
    [InlineData("https://elsewhere.example", "hub.example", false)]
    [InlineData("capacitor://hub.example", "hub.example", false)]
    public void IsAt_TheHostOfTheRequest_ComparesNameAndPort(string origin, string host, bool expected) =>
        Assert.Equal(expected, WebOrigin.TryParse(origin)!.IsAt(new HostString(host)));

    [Theory]
    [InlineData("http://localhost:5173", true)]
    [InlineData("https://127.0.0.1", true)]
    [InlineData("http://[::1]:3000", true)]
    [InlineData("http://localhost.example", false)]
    [InlineData("http://127.0.0.1.example", false)]
    [InlineData("capacitor://localhost", false)]
    public void IsLoopback_IsTrueForPagesOfTheMachineItself(string origin, bool expected) =>
        Assert.Equal(expected, WebOrigin.TryParse(origin)!.IsLoopback);
}
