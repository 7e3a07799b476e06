namespace PresenceHub.GraphEmulator.Presences;

/// <summary>
/// Numbers each pair, so that the presence of a person takes two bytes. Used under the lock of the board.
/// </summary>
internal sealed class PresenceStates
{
    private const int Capacity = ushort.MaxValue;

    private readonly List<PresenceState> _states = [];
    private readonly Dictionary<PresenceState, ushort> _codes = [];

    public PresenceState this[ushort code] => _states[code];

    /// <summary>
    /// The number of the pair. After 65,535 different pairs new ones are refused; only a faulty test creates so many.
    /// </summary>
    public bool TryIntern(PresenceState state, out ushort code)
    {
        if (_codes.TryGetValue(state, out code))
        {
            return true;
        }

        if (_states.Count >= Capacity)
        {
            return false;
        }

        code = (ushort)_states.Count;
        _states.Add(state);
        _codes.Add(state, code);
        return true;
    }

    public ushort Intern(PresenceState state) =>
        TryIntern(state, out var code)
            ? code
            : throw new InvalidOperationException("Too many different presence values.");
}
