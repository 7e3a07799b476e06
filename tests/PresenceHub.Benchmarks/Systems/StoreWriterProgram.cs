using System.Text.Json;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Benchmarks.Systems;

/// <summary>The process behind <see cref="StoreWriter"/>: one batch per line of input, one answer per batch.</summary>
internal static class StoreWriterProgram
{
    public const string Mode = "write-store";
    public const string Done = "done";

    /// <summary>Nothing goes stale during a run; the nodes are set alike.</summary>
    public const string StaleAfter = "1.00:00:00";

    /// <summary>Runs <see cref="WriteAsync"/> on the server assembly that is named.</summary>
    public static Task RunAsync(string serverAssembly, string redis) =>
        ServerLoadContext.RunAsync(serverAssembly, typeof(StoreWriterProgram), nameof(WriteAsync), redis);

    public static async Task WriteAsync(string redis)
    {
        await using var provider = StoreServices.Create(redis, StaleAfter);
        var store = provider.GetRequiredService<PresenceStore>();
        var clock = provider.GetRequiredService<StoreClock>();

        // The clock is the store's only after a first answer.
        await store.ReadAsync(0, [], CancellationToken.None);
        Console.WriteLine(Done);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var batch = JsonSerializer.Deserialize<WrittenPresence[]>(line)!;
            var observations = Array.ConvertAll(batch, written => ToObservation(written, clock));
            var outcomes = await store.ApplyAsync(observations, CancellationToken.None);
            if (Array.Exists(outcomes, outcome => outcome is ApplyOutcome.Stale or ApplyOutcome.Ambiguous))
            {
                throw new InvalidOperationException("The store has refused a change, so nothing would be measured");
            }

            Console.WriteLine(Done);
        }
    }

    private static Observation ToObservation(WrittenPresence written, StoreClock clock) =>
        SubjectId.TryParse(written.Id, out var subject)
            ? new Observation(
                subject,
                written.Availability,
                written.Activity,
                written.SequenceNumber,
                clock.Now,
                ObservationSource.Poll
            )
            : throw new FormatException($"{written.Id} is no subject id");
}
