namespace PresenceHub.Verification.Soak;

/// <summary>Deals faults into rounds whose faults overlap: each has at most one of the store and one of a
/// node.</summary>
internal static class FaultDeck
{
    /// <summary>Each fault as often as given, all dealt.</summary>
    public static IReadOnlyList<IReadOnlyList<Fault>> Deal(IEnumerable<(Fault Fault, int Times)> faults, Random random)
    {
        var all = faults.SelectMany(fault => Enumerable.Repeat(fault.Fault, fault.Times)).ToArray();
        random.Shuffle(all);
        var places = all.GroupBy(fault => fault.Place).ToDictionary(group => group.Key, group => group.ToArray());
        var rounds = places
            .Where(place => place.Key is not FaultPlace.Link)
            .Select(place => place.Value.Length)
            .DefaultIfEmpty(all.Length)
            .Max();
        return
        [
            .. Enumerable
                .Range(0, rounds)
                .Select(round =>
                    (IReadOnlyList<Fault>)[.. places.Values.SelectMany(place => Share(place, round, rounds))]
                ),
        ];
    }

    /// <summary>One round of what is there: a fault of the store or of a node or both, and up to three of
    /// links.</summary>
    public static IReadOnlyList<Fault> Draw(IReadOnlyList<Fault> faults, Random random)
    {
        var (stores, nodes, links) = (Of(FaultPlace.Store), Of(FaultPlace.Node), Of(FaultPlace.Link));
        var kinds = random.Next(3);
        return
        [
            .. random.GetItems(stores, kinds is 0 or 2 ? 1 : 0),
            .. random.GetItems(nodes, kinds is 1 or 2 ? 1 : 0),
            .. random.GetItems(links, random.Next(4)),
        ];

        Fault[] Of(FaultPlace place) => [.. faults.Where(fault => fault.Place == place)];
    }

    private static Fault[] Share(Fault[] place, int round, int rounds) =>
        place[(int)((long)place.Length * round / rounds)..(int)((long)place.Length * (round + 1) / rounds)];
}
