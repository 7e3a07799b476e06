using PresenceHub.Server.Fanout;
using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Fanout;

public sealed class ChangeQueueTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly ChangeQueue _queue = new();

    [Fact]
    public void Take_SubjectThatChangedTwice_HoldsTheNewestOnly()
    {
        _queue.Add([Of(Ada, "Busy", 100, 1), Of(Ben, "Busy", 100, 1)]);
        _queue.Add([Of(Ada, "Away", 100, 2)]);

        var (entries, cursor) = _queue.Take();

        Assert.Equal(["Away", "Busy"], entries.Select(entry => entry.Availability));
        Assert.Null(cursor);
        Assert.Empty(_queue.Take().Entries);
    }

    [Fact]
    public void Take_CursorAfterChanges_ComesWithThem()
    {
        _queue.Add([Of(Ada, "Busy", 100, 1)]);
        _queue.Position(new Cursor(100, 5));

        var (entries, cursor) = _queue.Take();

        Assert.Single(entries);
        Assert.Equal(new Cursor(100, 5), cursor);
        Assert.Null(_queue.Take().Cursor);
    }

    [Fact]
    public async Task Wait_AStreamThatNeverPauses_ReturnsAllTheSame()
    {
        using var stopping = new CancellationTokenSource();
        var adding = Task.Run(() =>
        {
            while (!stopping.IsCancellationRequested)
            {
                _queue.Add([Of(Ada, "Busy", 100, 1)]);
            }
        });

        Assert.True(await Task.Run(_queue.Wait).WaitAsync(Timeout));
        await stopping.CancelAsync();
        await adding;
    }

    [Fact]
    public async Task Wait_Completed_ReturnsFalse()
    {
        var waiting = Task.Run(_queue.Wait);

        _queue.Complete();

        Assert.False(await waiting.WaitAsync(Timeout));
    }
}
