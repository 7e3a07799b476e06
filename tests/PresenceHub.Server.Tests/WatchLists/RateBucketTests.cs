using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.WatchLists;

public sealed class RateBucketTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RateBucket _bucket;

    public RateBucketTests() => _bucket = new RateBucket(perSecond: 10, capacity: 100, _time);

    [Fact]
    public void TryTake_MoreThanIsThere_IsRefusedUntilTheTimeItNames()
    {
        Assert.True(_bucket.TryTake(80, out _));

        Assert.False(_bucket.TryTake(50, out var retryAfter));

        Assert.Equal(TimeSpan.FromSeconds(3), retryAfter);
        _time.Advance(retryAfter);
        Assert.True(_bucket.TryTake(50, out _));
        Assert.Equal(130, _bucket.Taken);
    }

    [Fact]
    public void TryTake_MoreThanTheCapacity_TakesAll()
    {
        Assert.True(_bucket.TryTake(1000, out _));
        Assert.False(_bucket.TryTake(1, out _));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(_bucket.IsFull);
    }

    [Fact]
    public void Return_WhatWasNotNeeded_CanBeTakenAgainAndIsNotCounted()
    {
        _bucket.TryTake(100, out _);

        _bucket.Return(60);

        Assert.Equal(40, _bucket.Taken);
        Assert.True(_bucket.TryTake(60, out _));
        Assert.False(_bucket.TryTake(1, out _));
    }

    [Fact]
    public void TryTake_NothingWhileInDebt_Succeeds()
    {
        _bucket.Charge(1_000_000);

        Assert.True(_bucket.TryTake(0, out _));
        Assert.False(_bucket.TryTake(1, out _));
    }

    [Fact]
    public void Charge_MoreThanIsThere_IsADebtOfAtMostTheCapacity()
    {
        _bucket.Charge(1_000_000);

        Assert.False(_bucket.TryTake(1, out var retryAfter));

        Assert.Equal(TimeSpan.FromSeconds(10.1), retryAfter);
        Assert.Equal(0, _bucket.Taken);
    }
}
