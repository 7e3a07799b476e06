using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Verification.Simulation;

/// <summary>What must hold once the faults have ended.</summary>
internal sealed partial class Simulation
{
    /// <summary>The checks of one settling, and a bit more. How far the store's clock was off and moved before no
    /// longer matters.</summary>
    private static readonly TimeSpan EndTolerance = TimeSpan.FromSeconds(10);

    /// <summary>A reading in doubt is read again, and that one counts.</summary>
    private const int MaxReadings = 2;

    private static readonly TimeSpan RereadDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>A timer's turn of position checks, and the time that messages on their way are given.</summary>
    private static readonly TimeSpan[] Turn = [TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(250)];

    private void End()
    {
        EndFaults();
        Settle();
        ExpectAgreement("the faults have ended");
        ReadGraph();
        Settle();
        ExpectAgreement("Graph was read again");
        ExpectFreshness(Freshness.Live, "Graph was read again");

        Advance(_scene.Options.StaleAfter - (3 * EndTolerance));
        Settle();
        ExpectFreshness(Freshness.Live, "no entry was confirmed for a while");
        Advance(4 * EndTolerance);
        Settle();
        ExpectFreshness(Freshness.Stale, "no entry was confirmed for too long");

        ReadGraph();
        Settle();
        ExpectAgreement("everybody was confirmed");
        ExpectFreshness(Freshness.Live, "everybody was confirmed");

        Advance(_scene.Options.StaleAfter - EndTolerance + (_random.NextDouble() * EndTolerance));
        Settle();
        ReadGraph();
        Settle();
        ExpectFreshness(Freshness.Live, "everybody was confirmed just before it was too long, or just after");

        _trace?.Add("redis is away for good");
        _redis.IsDown = true;
        Settle();
        Settle();
        ExpectFreshness(Freshness.Stale, "the store is away");
        _redis.IsDown = false;
        Settle();
        ExpectAgreement("the store is back");
        ExpectFreshness(Freshness.Live, "the store is back");
    }

    /// <summary>Everything is level before the first fault.</summary>
    private void Begin()
    {
        _links.MayFail = false;
        foreach (var subject in Subjects)
        {
            Observe(_nodes[0], subject);
        }

        Settle();
        _links.MayFail = true;
    }

    private void EndFaults()
    {
        _trace?.Add("no more faults");
        _links.MayFail = _redis.IsDown = _redis.IsFrozen = false;
        _redis.LostPartition = null;
        foreach (var node in _nodes)
        {
            node.IsDeaf = node.IsStarved = false;
            if (_random.Next(2) is 0)
            {
                Array.ForEach([.. node.InFlight], messages => messages.Clear());
            }
        }
    }

    /// <summary>
    /// The time in which everything has to agree. Two turns of checks, as what one node finds in its turn may be news
    /// to another that had its own just before.
    /// </summary>
    private void Settle()
    {
        FinishAll();
        for (var i = 0; i < 2; i++)
        {
            TakeTurn();
        }
    }

    /// <summary>A moment in which nothing new happens, so that nodes get level and cursors move on, as far as present
    /// faults let them.</summary>
    private void Rest()
    {
        if (!_redis.IsDown && !_redis.IsFrozen && _redis.LostPartition is null)
        {
            TakeTurn();
        }
    }

    private void TakeTurn()
    {
        foreach (var time in Turn)
        {
            Advance(time);
            FinishAll();
            Array.ForEach(_nodes, Check);
            FinishAll();
        }
    }

    private void FinishAll()
    {
        const int Limit = 10_000;
        bool isBusy;
        var turns = 0;
        do
        {
            if (++turns > Limit)
            {
                _scene.Violations.Add("It does not come to rest");
                return;
            }

            _context.Drain();
            isBusy = _links.Step();
            foreach (var node in _nodes)
            {
                isBusy |= _links.Deliver(node, _random.Next(_scene.Options.Partitions));
                node.Flush();
            }

            foreach (var client in _clients)
            {
                isBusy |= client.Connection is null or { IsCut: true } || client.IsCalling;
                Call(client);
                _context.Drain();
                isBusy |= client.IsCalling | Receive(client) | RunCallback(client);
            }

            isBusy |= _nodes.Any(node => !node.IsStarved && node.InFlight.Any(messages => messages.Count > 0));
        } while (isBusy);
    }

    /// <summary>Graph is read: whatever was not written, or was lost, is written, and the rest confirmed.</summary>
    private void ReadGraph()
    {
        _trace?.Add("Graph is read");
        foreach (var subject in Subjects)
        {
            if (!_truth.TryGetValue(subject, out var value))
            {
                _truth[subject] = value = $"v{++_writes}";
            }

            for (
                var reading = 0;
                reading < MaxReadings && (reading is 0 || _redis.Read(subject)?.Availability != value);
                reading++
            )
            {
                Advance(RereadDelay);
                Confirm(subject);
            }

            if (_redis.Read(subject)?.Availability != value)
            {
                _scene.Violations.Add($"the store holds {_redis.Read(subject)} although Graph says {value}");
            }
        }
    }

    private void Confirm(SubjectId subject)
    {
        _ = ApplyAsync(
            _nodes[0],
            new Observation(
                subject,
                _truth[subject],
                _truth[subject],
                null,
                _nodes[0].Clock.Now,
                ObservationSource.Poll
            )
        );
        FinishAll();
    }

    private void ExpectAgreement(string when)
    {
        foreach (var (client, subject, shown) in Shown())
        {
            var stored = _redis.Read(subject);
            var isEqual =
                stored is null
                || (stored.Availability, stored.Epoch, stored.Revision)
                    == (shown?.Availability, shown?.Epoch, shown?.Revision);
            if (shown is null || !isEqual)
            {
                _scene.Violations.Add(
                    $"{when}: {client.Name} shows {(shown is null ? "nothing" : Text(shown))} and the store holds {stored}"
                );
            }
        }
    }

    private void ExpectFreshness(string freshness, string when)
    {
        foreach (var (client, subject, shown) in Shown())
        {
            if (shown?.Freshness != freshness)
            {
                _scene.Violations.Add(
                    $"{when}: {client.Name} shows {(shown is null ? "nothing" : Text(shown))} of {Text(subject)}"
                );
            }
        }
    }

    private IEnumerable<(SimulatedClient Client, SubjectId Subject, PresenceEntry? Entry)> Shown() =>
        from client in _clients
        from subject in Subjects
        where client.Wished.Contains(subject.ToString())
        select (client, subject, client.View.GetValueOrDefault(subject.ToString()));
}
