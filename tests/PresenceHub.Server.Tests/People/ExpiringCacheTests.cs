using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.People;

namespace PresenceHub.Server.Tests.People;

public sealed class ExpiringCacheTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Find_AfterTheLifetime_IsNothing()
    {
        var cache = new ExpiringCache<int, string>(10, _time);
        cache.Set(1, "one", 1, Lifetime);

        _time.Advance(Lifetime - TimeSpan.FromTicks(1));
        Assert.Equal("one", cache.Find(1));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(cache.Find(1));
        Assert.Equal(0, cache.Size);
    }

    [Fact]
    public void Set_FullCache_DropsWhatWasUsedLeastRecently()
    {
        var cache = new ExpiringCache<int, string>(10, _time);
        cache.Set(1, "one", 4, Lifetime);
        cache.Set(2, "two", 4, Lifetime);
        Assert.NotNull(cache.Find(1));

        cache.Set(3, "three", 5, Lifetime);

        Assert.Equal(("one", null, "three"), (cache.Find(1), cache.Find(2), cache.Find(3)));
        Assert.Equal(9, cache.Size);
    }

    [Fact]
    public void Set_SameKeyAgain_ReplacesValueAndSize()
    {
        var cache = new ExpiringCache<int, string>(10, _time);
        cache.Set(1, "one", 9, Lifetime);

        cache.Set(1, "other", 2, Lifetime);

        Assert.Equal("other", cache.Find(1));
        Assert.Equal(2, cache.Size);
    }

    [Fact]
    public void Set_ValueLargerThanTheCache_IsNotKept()
    {
        var cache = new ExpiringCache<int, string>(10, _time);
        cache.Set(1, "one", 9, Lifetime);

        cache.Set(2, "two", 11, Lifetime);

        Assert.Null(cache.Find(2));
        Assert.NotNull(cache.Find(1));
    }
}
