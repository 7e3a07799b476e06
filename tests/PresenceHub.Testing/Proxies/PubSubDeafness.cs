using System.Collections.Concurrent;

namespace PresenceHub.Testing.Proxies;

/// <summary>
/// A Redis that has forgotten the subscriptions of its links without closing them: everything is answered, pings too,
/// but no message comes, until the client subscribes again.
/// </summary>
internal sealed class PubSubDeafness : IPubSubFault
{
    private readonly ConcurrentQueue<Link> _links = [];
    private volatile bool _staysDeaf;

    public int DeafLinks => _links.Count(link => link.IsDeaf);

    /// <summary>While set, subscribing again does not help.</summary>
    public bool StaysDeaf
    {
        get => _staysDeaf;
        set => _staysDeaf = value;
    }

    /// <summary>Every link that has subscribed loses its subscriptions.</summary>
    public void Deafen()
    {
        foreach (var link in _links.Where(link => link.HasSubscribed))
        {
            link.IsDeaf = true;
        }
    }

    /// <summary>From every link that has subscribed nothing comes any more; it stays open.</summary>
    public void Swallow()
    {
        foreach (var link in _links.Where(link => link.HasSubscribed))
        {
            link.IsSwallowed = true;
        }
    }

    public PubSubStream NewStream()
    {
        var link = new Link(this);
        _links.Enqueue(link);
        return new PubSubStream(link.Passes);
    }

    private sealed class Link(PubSubDeafness deafness)
    {
        private volatile bool _hasSubscribed;
        private volatile bool _isDeaf;
        private volatile bool _isSwallowed;

        public bool HasSubscribed => _hasSubscribed;

        public bool IsDeaf
        {
            get => _isDeaf;
            set => _isDeaf = value;
        }

        public bool IsSwallowed
        {
            set => _isSwallowed = value;
        }

        public bool Passes(PubSubReply? reply)
        {
            if (reply is { IsMessage: false })
            {
                _hasSubscribed = true;
                _isDeaf &= deafness.StaysDeaf;
            }

            return !_isSwallowed && !(_isDeaf && reply is { IsMessage: true });
        }
    }
}
