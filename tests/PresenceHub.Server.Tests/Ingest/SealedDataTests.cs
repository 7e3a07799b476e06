using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Server.Ingest;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Ingest;

public sealed class SealedDataTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddLogging()
        .AddDataProtection()
        .Services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new AwayRepository())
        .BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void TryUnprotect_KeysCannotBeRead_FailsAsTheStoreDoes()
    {
        var sealedData = Protector(new EphemeralDataProtectionProvider()).Protect([1, 2, 3]);
        var protector = Protector(_services.GetRequiredService<IDataProtectionProvider>());
        Assert.Throws<RedisException>(() => protector.TryUnprotect(sealedData));

        // What the library says of it alone.
        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(sealedData));
    }

    [Fact]
    public void TryUnprotect_SealedByOtherKeys_IsNull() =>
        Assert.Null(
            Protector(new EphemeralDataProtectionProvider())
                .TryUnprotect(Protector(new EphemeralDataProtectionProvider()).Protect([1, 2, 3]))
        );

    [Fact]
    public void TryUnprotect_SealedByTheSameKeys_IsWhatItWas()
    {
        var protector = Protector(new EphemeralDataProtectionProvider());
        Assert.Equal([1, 2, 3], protector.TryUnprotect(protector.Protect([1, 2, 3])));
    }

    [Fact]
    public void TryUnprotect_TimeLimited_TellsTheSameApart()
    {
        var protector = Protector(new EphemeralDataProtectionProvider()).ToTimeLimitedDataProtector();
        var sealedText = protector.Protect("text", TimeSpan.FromMinutes(1));
        Assert.Equal("text", protector.TryUnprotect(sealedText));
        Assert.Null(protector.TryUnprotect(protector.Protect("text", TimeSpan.FromMinutes(-1))));
        Assert.Null(protector.TryUnprotect("text"));
        var away = Protector(_services.GetRequiredService<IDataProtectionProvider>()).ToTimeLimitedDataProtector();
        Assert.Throws<RedisException>(() => away.TryUnprotect(sealedText));
    }

    private static IDataProtector Protector(IDataProtectionProvider provider) => provider.CreateProtector("test");

    private sealed class AwayRepository : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() => throw new RedisException("away");

        public void StoreElement(XElement element, string friendlyName) => throw new RedisException("away");
    }
}
