namespace PresenceHub.Verification.Model;

/// <summary>A client that watches both subjects, and its connection's outbox.</summary>
internal record struct Client
{
    public Phase Phase;

    public byte Node;

    public Pair<Entry> View;

    public ModelCursor Cursor;

    public Pair<Entry> Pending;

    /// <summary>All marked so far reaches up to here; it holds for the client once nothing is pending.</summary>
    public ModelCursor Promised;

    public ModelCursor Sent;

    /// <summary>What the node answered from, whether it is in the answer or left out as unchanged.</summary>
    public Pair<Entry> Basis;

    public Pair<bool> IsLeftOut;

    public ModelCursor AnswerCursor;

    /// <summary>Whether a subject was pushed since the call began.</summary>
    public Pair<bool> IsPushed;

    public readonly bool HasCursor => Cursor.Time > 0;

    public void Disconnect() => this = new Client { View = View, Cursor = Cursor };

    public override readonly string ToString() =>
        $"{Phase} at {Node}: {View}, {Cursor}; pending {Pending}, promised {Promised}, sent {Sent}; answer {Basis} left out {IsLeftOut}, {AnswerCursor}, pushed {IsPushed}";
}
