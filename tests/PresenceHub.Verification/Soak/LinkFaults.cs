using PresenceHub.Testing.Proxies;

namespace PresenceHub.Verification.Soak;

/// <summary>What can happen to a link: between clients and nodes, nodes and Redis, nodes and Graph.</summary>
internal static class LinkFaults
{
    public const int MessagesLostAtOnce = 20;
    public const string Loss = "redis link: messages lost";

    private static readonly TimeSpan LossTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LossCheckPeriod = TimeSpan.FromMilliseconds(50);

    /// <summary>Faults of the bytes on one of the proxies.</summary>
    public static IReadOnlyList<Fault> OfProxies(SoakHub hub)
    {
        (string Place, IReadOnlyList<TcpProxy> Proxies)[] places =
        [
            ("clients", hub.Balancers),
            ("redis", hub.Store.Links),
            ("graph", [hub.GraphLink, hub.Webhooks]),
        ];
        return [.. places.Where(place => place.Proxies.Count > 0).SelectMany(place => Of(place.Place, place.Proxies))];
    }

    /// <summary>Faults of what nodes are told by Redis.</summary>
    public static IReadOnlyList<Fault> OfMessages(SoakHub hub)
    {
        var killed = new Fault("redis link: subscriptions killed", FaultPlace.Link, (_, _) =>
            hub.Store.KillPubSubAsync()
        );
        var lost = new Fault(Loss, FaultPlace.Link, (_, cancellationToken) =>
            LoseAsync(hub.Store.Loss, cancellationToken)
        );
        return hub.Store.Links.Count > 0 ? [killed, lost] : [killed];
    }

    private static IEnumerable<Fault> Of(string place, IReadOnlyList<TcpProxy> proxies)
    {
        yield return OnWire("latency", random => new WireFault
        {
            Latency = TimeSpan.FromMilliseconds(50 + (250 * random.NextDouble())),
            Jitter = TimeSpan.FromMilliseconds(100),
        });
        yield return OnWire("slices", random => new WireFault { SliceBytes = random.Next(1, 10) });
        yield return OnWire("bandwidth", random => new WireFault { BytesPerSecond = random.Next(20_000, 100_000) });
        yield return Between("black hole", (proxy, _) => proxy.BlackHole(), proxy => proxy.Clear());
        yield return Between(
            "half-open",
            (proxy, random) => Silence(proxy, random.Next(2) is 0),
            proxy => proxy.Clear()
        );
        yield return Between("cut", (proxy, _) => proxy.Cut(), proxy => proxy.Mend());
        yield return new Fault($"{place} link: reset", FaultPlace.Link, (random, _) =>
        {
            Any(random).ResetAll();
            return Task.CompletedTask;
        });

        Fault OnWire(string effect, Func<Random, WireFault> draw) =>
            Between(effect, (proxy, random) => proxy.ToServer = proxy.ToClient = draw(random), proxy => proxy.Clear());

        Fault Between(string effect, Action<TcpProxy, Random> begin, Action<TcpProxy> end) =>
            new($"{place} link: {effect}", FaultPlace.Link, async (random, cancellationToken) =>
            {
                var proxy = Any(random);
                begin(proxy, random);
                await Task.Delay(
                    TimeSpan.FromSeconds(0.3 + (1.7 * random.NextDouble())),
                    TimeProvider.System,
                    cancellationToken
                );
                end(proxy);
            });

        TcpProxy Any(Random random) => proxies[random.Next(proxies.Count)];
    }

    private static void Silence(TcpProxy proxy, bool toServer)
    {
        var silent = new WireFault { IsSilent = true };
        (proxy.ToServer, proxy.ToClient) = toServer ? (silent, WireFault.None) : (WireFault.None, silent);
    }

    private static async Task LoseAsync(PubSubLoss loss, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(LossTimeout);
        var until = loss.Lost + MessagesLostAtOnce;
        loss.LoseNext(MessagesLostAtOnce);
        while (loss.Lost < until && !timeout.IsCancellationRequested)
        {
            await Task.Delay(LossCheckPeriod, TimeProvider.System, CancellationToken.None);
        }

        loss.Stop();
    }
}
