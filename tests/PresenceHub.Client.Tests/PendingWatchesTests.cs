using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class PendingWatchesTests
{
    private readonly WatchList _list = new();
    private readonly PresenceView _view = new();
    private readonly PendingWatches _pending;

    public PendingWatchesTests() => _pending = new PendingWatches(_list, _view);

    [Fact]
    public async Task Answer_ManyCallsWaitForTheSubject_CompletesAll()
    {
        var subject = _list.Add(Wire.A);
        _view.Merge([Wire.Entry(Wire.A, 1)]);
        WatchCall[] calls = [.. Enumerable.Range(0, 100).Select(_ => Add(subject))];

        _pending.Answer([subject]);

        var admissions = await Expect.SoonAsync(Task.WhenAll(calls.Select(call => call.Answer)), "Answer");
        Assert.Equal(100, admissions.Length);
        Assert.All(admissions, admission => Assert.Equal(1, Assert.Single(admission.Entries).Revision));
    }

    [Fact]
    public void Fail_AnotherSubjectIsNotAnsweredYet_FailsTheCallWhenAllAreSettled()
    {
        var (failed, answered) = (_list.Add(Wire.A), _list.Add(Wire.B));
        var call = Add(failed, answered);
        var failure = new PresenceHubException(ErrorCode.InvalidRequest, "no");

        _pending.Fail([failed], failure);
        Assert.False(call.Answer.IsCompleted);
        Assert.False(_pending.TryTakeFailed(out _));

        _pending.Answer([answered]);
        Assert.Same(failure, call.Answer.Exception?.InnerException);
        Assert.True(_pending.TryTakeFailed(out var taken));
        Assert.Same(call, taken);
    }

    [Fact]
    public async Task Reject_SubjectWasAnsweredBefore_IsReported()
    {
        var (revoked, waiting) = (_list.Add(Wire.A), _list.Add(Wire.B));
        var call = Add(revoked, waiting);

        _pending.Answer([revoked]);
        _list.Remove(revoked);
        _pending.Reject(revoked, RejectionReason.NotVisible);
        _pending.Answer([waiting]);

        Assert.Equal(
            [new RejectedSubject(Wire.A, RejectionReason.NotVisible)],
            (await Expect.SoonAsync(call.Answer, "Answer")).Rejected
        );
    }

    [Fact]
    public void Remove_CallThatWaits_IsNeverCompleted()
    {
        var subject = _list.Add(Wire.A);
        var call = Add(subject);

        _pending.Remove(call);
        _pending.Answer([subject]);

        Assert.False(call.Answer.IsCompleted);
    }

    private WatchCall Add(params Subject[] subjects)
    {
        var call = new WatchCall([.. subjects.Select(subject => (subject.Id, (Subject?)subject))]);
        _pending.Add(call, subjects);
        return call;
    }
}
