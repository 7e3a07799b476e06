namespace PresenceHub.Server.WatchLists;

/// <summary>Requests to Graph for people that a watcher is charged for.</summary>
internal sealed class PeopleCharge(RateBucket bucket, int requests) : IDisposable
{
    private int _open = requests;

    /// <summary>Graph has answered one of the requests.</summary>
    public void Answered() => _open--;

    /// <summary>Returns the tokens of requests without an answer.</summary>
    public void Dispose() => bucket.Return(_open);
}
