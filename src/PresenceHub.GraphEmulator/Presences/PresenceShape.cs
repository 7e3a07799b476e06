namespace PresenceHub.GraphEmulator.Presences;

/// <summary>How a presence is written: as Graph documents it, or corrupted by a fault.</summary>
internal enum PresenceShape
{
    Sound,
    NoObject,
    WrongTypes,
    NoId,
}
