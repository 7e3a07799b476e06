using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Fanout;

/// <summary>
/// The messages that are pending for one connection: at most one entry per subject, however fast it changes. At most
/// one write is in flight. The outbox enters the ready queue itself when it has something to send.
/// </summary>
internal sealed class Outbox(
    IOutboxTarget target,
    FrameWriter writer,
    int maxFrameBytes,
    Cursor start,
    ReadyOutboxes ready,
    TimeProvider time
) : IWatchListOutbox
{
    private readonly Lock _gate = new();
    private PendingEntries _pending;
    private SerializedHubMessage? _next;
    private Withdrawals _withdrawals;
    private Cursor _promised = start;
    private bool _isScheduled;
    private bool _isBookmarkDue;
    private bool _hasSentChanges;
    private bool _isDraining;
    private TimeSpan? _drainAfter;
    private long _bookmarkedAt = time.GetTimestamp();
    private long? _writingSince;

    public string ConnectionId => target.ConnectionId;

    public FrameWriter Writer { get; } = writer;

    /// <summary>Whether the outbox sends nothing until <see cref="Begin"/>; changes gather until then.</summary>
    public bool IsHeld
    {
        init => _isScheduled = value;
    }

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

    /// <summary>Completes when the client has accepted the last frame that it did not accept at once.</summary>
    internal Task InFlight { get; private set; } = Task.CompletedTask;

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

    /// <summary>Ends the hold. The frame comes before all others.</summary>
    public void Begin(SerializedHubMessage first)
    {
        lock (_gate)
        {
            _next = first;
            ready.Add(this);
        }
    }

    /// <summary>Sends a frame that may be left out: it is dropped when there is anything else to send.</summary>
    public void SendIfIdle(SerializedHubMessage frame)
    {
        lock (_gate)
        {
            if (!_isScheduled)
            {
                _next = frame;
                Schedule();
            }
        }
    }

    /// <summary>Takes an entry; a newer one replaces an older one. The outbox becomes ready with the batch.</summary>
    public void Mark(EntryFragment fragment, ReadyBatch batch)
    {
        lock (_gate)
        {
            // The watchers may have been looked up before the revocation.
            if (_withdrawals.Contains(fragment.Entry.Subject))
            {
                return;
            }

            _pending.Add(fragment, batch.Number);
            if (!_isScheduled)
            {
                _isScheduled = true;
                batch.Add(this);
            }
        }
    }

    /// <summary>Drops the entries of subjects that are no longer watched.</summary>
    public void Discard(IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            _pending.Remove(subjects);
        }
    }

    /// <summary>Tells the client to forget subjects before it sends anything else. Entries of these subjects are
    /// ignored until <see cref="Admit"/>.</summary>
    public void Revoke(IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            _pending.Remove(subjects);
            _withdrawals.Add(subjects);
            Schedule();
        }
    }

    /// <summary>Accepts entries of these subjects again, even if they were revoked before.</summary>
    public void Admit(IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            _withdrawals.Remove(subjects);
        }
    }

    /// <summary>All changes up to the cursor have been marked.</summary>
    public void Promise(Cursor cursor, TimeSpan bookmarkPeriod)
    {
        lock (_gate)
        {
            _promised = cursor;
            if (_isScheduled || _pending.Count > 0)
            {
                return;
            }

            Cursor = cursor;
            _isBookmarkDue = _hasSentChanges && time.GetElapsedTime(_bookmarkedAt) >= bookmarkPeriod;
            if (_isBookmarkDue)
            {
                Schedule();
            }
        }
    }

    /// <summary>Tells the client once to reconnect elsewhere after a delay. The notice follows all pending entries and
    /// a last bookmark.</summary>
    public void Drain(TimeSpan reconnectAfter)
    {
        lock (_gate)
        {
            if (_isDraining)
            {
                return;
            }

            (_isDraining, _drainAfter) = (true, reconnectAfter);
            _isBookmarkDue = _hasSentChanges;
            Schedule();
        }
    }

    /// <summary>
    /// Sends one frame and returns at once. If the client is slow, entries gather until it has accepted the frame.
    /// </summary>
    public void Flush(FrameCache frames)
    {
        var writing = TakeFrame(frames) is { } frame ? target.WriteAsync(frame) : ValueTask.CompletedTask;
        if (writing.IsCompletedSuccessfully)
        {
            Finish();
        }
        else
        {
            InFlight = FinishAsync(writing);
        }
    }

    /// <summary>Closes the connection without a close message. The client resumes from its cursor.</summary>
    public void Abort() => target.Abort();

    private async Task FinishAsync(ValueTask writing)
    {
        try
        {
            await writing;
            Finish();
        }
        catch (Exception)
        {
            // The connection is closed or is closing.
            Abort();
        }
    }

    private void Finish()
    {
        lock (_gate)
        {
            _writingSince = null;
            var hasMore = _pending.Count > 0 || _withdrawals.HasUntold;
            if (!hasMore)
            {
                // The promised cursor holds now that no entry is pending.
                Cursor = _promised;
            }

            _isScheduled = hasMore || _drainAfter is not null;
            if (_isScheduled)
            {
                ready.Add(this);
            }
        }
    }

    private SerializedHubMessage? TakeFrame(FrameCache frames)
    {
        lock (_gate)
        {
            _writingSince = time.GetTimestamp();
            if (_next is { } next)
            {
                _next = null;
                return next;
            }

            if (_withdrawals.HasUntold)
            {
                return Writer.WriteRevoked(_withdrawals.TakeUntold());
            }

            if (_isBookmarkDue && _pending.Count is 0)
            {
                (_isBookmarkDue, _hasSentChanges, _bookmarkedAt) = (false, false, time.GetTimestamp());
                return Writer.WriteBookmark(Cursor.ToString());
            }

            if (_pending.Count is 0 && _drainAfter is { } reconnectAfter)
            {
                _drainAfter = null;
                target.Drain(reconnectAfter);
                return Writer.WriteDraining(new DrainNotice((int)reconnectAfter.TotalMilliseconds));
            }

            if (_pending.Count is 0)
            {
                return null;
            }

            _hasSentChanges = true;
            var entries = _pending.Peek(Writer, maxFrameBytes);
            var frame = frames.GetOrWrite(Writer, entries);
            _pending.RemoveFirst(entries.Length);
            return frame;
        }
    }

    private void Schedule()
    {
        if (!_isScheduled)
        {
            _isScheduled = true;
            ready.Add(this);
        }
    }
}
