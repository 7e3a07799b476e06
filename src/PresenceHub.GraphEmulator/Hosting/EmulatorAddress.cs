namespace PresenceHub.GraphEmulator.Hosting;

/// <summary>The address of the emulator, known once the port is bound.</summary>
internal sealed class EmulatorAddress
{
    private Uri? _base;

    public Uri Base
    {
        get => _base ?? throw new InvalidOperationException("The emulator is not listening yet.");
        set => _base = value;
    }

    /// <summary>The address without its closing slash, to build others from.</summary>
    public string Origin => Base.GetLeftPart(UriPartial.Authority);
}
