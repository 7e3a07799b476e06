using System.Diagnostics.CodeAnalysis;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Reads the current entries of a <see cref="PresenceView"/>, then each change, until it is
/// disposed.</summary>
/// <param name="view">The view that it reads.</param>
/// <param name="signal">Wakes the reader.</param>
/// <param name="ids">The subjects that it reads, until they are watched no more; null for all.</param>
internal sealed class ChangeReader(PresenceView view, Signal signal, IReadOnlyList<string>? ids) : IDisposable
{
    public IReadOnlyList<string>? Ids { get; } = ids;

    /// <returns>False when the view is closed and every change has been taken.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => signal.WaitAsync(cancellationToken);

    public bool TryTake([NotNullWhen(true)] out PresenceEntry? entry) => view.TryTake(this, out entry);

    /// <summary>Ends the reader: what it has not taken is dropped, and its wait ends.</summary>
    public void Dispose()
    {
        view.RemoveReader(this);
        signal.Close();
    }
}
