namespace PresenceHub.Fleet.Runs;

/// <summary>Shows a run while it goes on.</summary>
internal interface IRunDisplay
{
    void Show(RunStatus status);

    /// <summary>Something worth a line.</summary>
    void Note(string line);
}
