using PresenceHub.Client;

namespace PresenceHub.Fleet.Members;

/// <summary>How long a member waits before it connects again.</summary>
internal static class ReconnectBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(15);

    public static Backoff Create(Random random) => new(First, Cap, random);
}
