using System.Diagnostics.CodeAnalysis;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Reads the current entries of a <see cref="PresenceView"/>, then each change, until it is
/// disposed.</summary>
internal sealed class ChangeReader(PresenceView view, Signal signal) : IDisposable
{
    /// <returns>False when the view is closed and every change has been taken.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => signal.WaitAsync(cancellationToken);

    public bool TryTake([NotNullWhen(true)] out PresenceEntry? entry) => view.TryTake(this, out entry);

    public void Dispose() => view.RemoveReader(this);
}
