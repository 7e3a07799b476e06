using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Reads watched subjects from Graph into the store while this node leads.</summary>
internal sealed class PollerService(
    Leadership leadership,
    PollerTerm term,
    GraphClients graph,
    InterestLoop interest,
    RefreshLoop refreshes,
    PageLoop pages
) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        leadership.LeadAsync(PollAsync, stoppingToken);

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        term.Begin();
        try
        {
            await Task.WhenAll(
                SignInAsync(cancellationToken),
                refreshes.RunAsync(cancellationToken),
                interest.RunAsync(cancellationToken),
                pages.RunAsync(cancellationToken)
            );
        }
        finally
        {
            term.End();
        }
    }

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        try
        {
            await graph.SignInAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The first read signs in too, and logs why it failed.
        }
    }
}
