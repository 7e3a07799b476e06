namespace PresenceHub.GraphEmulator.Presences;

/// <summary>How a presence is written: as Graph documents it, or spoiled by a fault.</summary>
internal enum PresenceShape
{
    Sound,
    NoObject,
    WrongTypes,
    NoId,
}
