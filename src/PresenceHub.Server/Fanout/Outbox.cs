using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Fanout;

/// <summary>
/// What one connection has yet to be sent: at most one entry per subject, however fast they change, and at most one write in flight.
/// </summary>
internal sealed class Outbox(string connectionId, FrameWriter writer, Cursor start, TimeProvider time)
{
    /// <summary>A frame in more than one segment of SignalR's pipe costs a write for each.</summary>
    private const int PreferredFrameBytes = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<SubjectId, EntryFragment> _pending = [];
    private readonly HashSet<SubjectId> _withdrawn = [];
    private readonly HashSet<SubjectId> _revoked = [];
    private Cursor _promised = start;
    private bool _isScheduled;
    private bool _isBookmarkDue;
    private bool _hasSentChanges;
    private bool _isDraining;
    private TimeSpan? _drainAfter;
    private long _bookmarkedAt = time.GetTimestamp();
    private long? _writingSince;

    public string ConnectionId { get; } = connectionId;

    /// <summary>Everything up to here has been sent.</summary>
    public Cursor Cursor
    {
        get
        {
            lock (_gate)
            {
                return field;
            }
        }

        private set;
    } = start;

    /// <summary>How long the write in flight has been waiting for the client.</summary>
    public TimeSpan WaitingFor
    {
        get
        {
            lock (_gate)
            {
                return _writingSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
            }
        }
    }

    public int PendingCount
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>Takes an entry; a newer one takes the place of an older. True when the outbox has to be flushed.</summary>
    public bool Mark(EntryFragment fragment)
    {
        lock (_gate)
        {
            // Whoever marks may have looked up the watchers before the revocation.
            if (_withdrawn.Contains(fragment.Entry.Subject))
            {
                return false;
            }

            if (_pending.TryGetValue(fragment.Entry.Subject, out var pending) && fragment.Entry.IsOlderThan(pending.Entry))
            {
                return false;
            }

            _pending[fragment.Entry.Subject] = fragment;
            return Schedule();
        }
    }

    /// <summary>Drops what has not been sent of subjects that are no longer watched.</summary>
    public void Discard(IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                _pending.Remove(subject);
            }
        }
    }

    /// <summary>
    /// Tells the client to forget subjects, before anything else, and takes no entry of them until they are admitted again. True when the
    /// outbox has to be flushed.
    /// </summary>
    public bool Revoke(IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                _pending.Remove(subject);
                _withdrawn.Add(subject);
                _revoked.Add(subject);
            }

            return Schedule();
        }
    }

    /// <summary>Takes entries of these subjects, whatever was withdrawn before.</summary>
    public void Admit(IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            _withdrawn.ExceptWith(subjects);
            _revoked.ExceptWith(subjects);
        }
    }

    /// <summary>All changes up to the cursor have been marked. True when the outbox has to be flushed.</summary>
    public bool Promise(Cursor cursor, TimeSpan bookmarkPeriod)
    {
        lock (_gate)
        {
            _promised = cursor;
            if (_isScheduled || _pending.Count > 0)
            {
                return false;
            }

            Cursor = cursor;
            _isBookmarkDue = _hasSentChanges && time.GetElapsedTime(_bookmarkedAt) >= bookmarkPeriod;
            return _isBookmarkDue && Schedule();
        }
    }

    /// <summary>
    /// Tells the client once to reconnect elsewhere after a while, behind everything that waits and a last bookmark. True when the outbox
    /// has to be flushed.
    /// </summary>
    public bool Drain(TimeSpan reconnectAfter)
    {
        lock (_gate)
        {
            if (_isDraining)
            {
                return false;
            }

            (_isDraining, _drainAfter) = (true, reconnectAfter);
            _isBookmarkDue = _hasSentChanges;
            return Schedule();
        }
    }

    /// <summary>Sends one frame. True when there is more, and the outbox has to be flushed again.</summary>
    public async Task<bool> FlushAsync(Func<SerializedHubMessage, ValueTask> write)
    {
        if (TakeFrame() is { } frame)
        {
            await write(frame);
        }

        lock (_gate)
        {
            _writingSince = null;
            if (_pending.Count > 0 || _revoked.Count > 0)
            {
                return true;
            }

            if (_drainAfter is not null)
            {
                Cursor = _promised;
                return true;
            }

            // Whatever was promised while entries were waiting holds now that they are gone.
            Cursor = _promised;
            _isScheduled = false;
            return false;
        }
    }

    private SerializedHubMessage? TakeFrame()
    {
        lock (_gate)
        {
            if (_revoked.Count > 0)
            {
                string[] revoked = [.. _revoked.Select(subject => subject.ToString())];
                _revoked.Clear();
                _writingSince = time.GetTimestamp();
                return writer.WriteRevoked(revoked);
            }

            if (_isBookmarkDue && _pending.Count is 0)
            {
                (_isBookmarkDue, _hasSentChanges) = (false, false);
                (_bookmarkedAt, _writingSince) = (time.GetTimestamp(), time.GetTimestamp());
                return writer.WriteBookmark(Cursor.ToString());
            }

            if (_pending.Count is 0)
            {
                return TakeDrainNotice();
            }

            (_hasSentChanges, _writingSince) = (true, time.GetTimestamp());
            var fragments = new List<EntryFragment>();
            var bytes = 0;
            foreach (var (subject, fragment) in _pending)
            {
                bytes += fragment.Bytes(writer).Length;
                if (fragments.Count > 0 && bytes > PreferredFrameBytes)
                {
                    break;
                }

                fragments.Add(fragment);
                _pending.Remove(subject);
            }

            return fragments is [var single] ? single.Frame(writer) : writer.WriteChanges(fragments);
        }
    }

    private SerializedHubMessage? TakeDrainNotice()
    {
        if (_drainAfter is not { } reconnectAfter)
        {
            return null;
        }

        (_drainAfter, _writingSince) = (null, time.GetTimestamp());
        return writer.WriteDraining(new DrainNotice((int)reconnectAfter.TotalMilliseconds));
    }

    private bool Schedule()
    {
        if (_isScheduled)
        {
            return false;
        }

        _isScheduled = true;
        return true;
    }
}
