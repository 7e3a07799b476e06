using System.Runtime.CompilerServices;
using PresenceHub.Client.Tests.Fakes;

namespace PresenceHub.Client.Tests;

/// <summary>An application need not wait for what it starts, so a failure of it must not end a process that treats
/// unobserved exceptions as fatal.</summary>
public sealed class UnobservedFailureTests
{
    [Fact]
    public void Fail_WatchWithoutAWaitingCaller_RaisesNoUnobservedTaskException() =>
        AssertObserved(reason => WatchCall.Of([Wire.A], id => new Subject(id)).Fail(reason));

    [Fact]
    public void Fail_UnwatchWithoutAWaitingCaller_RaisesNoUnobservedTaskException() =>
        AssertObserved(reason => new UnwatchBatch().Fail(reason));

    private static void AssertObserved(Action<Exception> fail)
    {
        var reason = new InvalidOperationException("refused");
        var unobserved = 0;
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            Run(fail, reason);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal(0, unobserved);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }

        void Count(object? sender, UnobservedTaskExceptionEventArgs raised) =>
            unobserved += raised.Exception.InnerExceptions.Contains(reason) ? 1 : 0;
    }

    // A frame of its own, so that nothing holds the task afterwards.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run(Action<Exception> fail, Exception reason) => fail(reason);
}
