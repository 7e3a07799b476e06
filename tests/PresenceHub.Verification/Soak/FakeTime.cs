using System.Globalization;

namespace PresenceHub.Verification.Soak;

/// <summary>Sets the wall clock of a process ahead or behind, by libfaketime; what measures durations goes on as it
/// is.</summary>
internal static class FakeTime
{
    private const string Library = "libfaketimeMT.so.1";

    public static IReadOnlyDictionary<string, string> Shifting(TimeSpan shift) =>
        shift == TimeSpan.Zero
            ? new Dictionary<string, string>()
            : new Dictionary<string, string>
            {
                ["LD_PRELOAD"] = Directory
                    .EnumerateFiles(
                        "/usr/lib",
                        Library,
                        new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }
                    )
                    .FirstOrDefault()
                    ?? throw new InvalidOperationException(
                        $"{Library} is missing: install it (apt-get install faketime)"
                    ),
                ["FAKETIME"] = string.Create(CultureInfo.InvariantCulture, $"{shift.TotalSeconds:+0;-0}s"),
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",

                // Its correction for old C libraries turns every timed wait of .NET into a busy one.
                ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
            };
}
