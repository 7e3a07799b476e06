using System.Globalization;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Fetches the issuer's signing keys at start, so that no request waits for them, and so that one caller instead of
/// each request retries while the issuer is away.
/// </summary>
internal sealed class AuthorityKeys(
    Authority authority,
    IOptionsMonitor<JwtBearerOptions> bearer,
    TimeProvider time,
    ILogger<AuthorityKeys> logger
) : BackgroundService
{
    /// <summary>How long the start waits for the first answer, so that the first clients are not refused without
    /// need.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(2);

    private const int LongestReason = 200;

    private static readonly BackOff Retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));

    private readonly LogLimit _failedLimit = new(time);
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(_firstAttempt.Task, Task.Delay(StartPatience, time, cancellationToken));
    }

    /// <summary>Asks the issuer once. False when a retry is needed.</summary>
    internal async Task<bool> FetchOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Tokens are validated with this manager, which holds the keys and refreshes them in the background.
            var manager = bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!;
            var configuration = await manager.GetConfigurationAsync(cancellationToken);
            if (configuration.SigningKeys.Count is 0)
            {
                manager.RequestRefresh();
                throw new InvalidDataException("it publishes no keys");
            }

            authority.KeysReceived();
            if (_failedLimit.HasLogged)
            {
                logger.AuthorityReached();
            }

            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (_failedLimit.TryTake())
            {
                logger.AuthorityNotReached(ReasonOf(exception));
            }

            return false;
        }
        finally
        {
            _firstAttempt.TrySetResult();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 1; !await FetchOnceAsync(stoppingToken); failures++)
        {
            await Task.Delay(Retries.After(failures), time, stoppingToken);
        }
    }

    /// <summary>
    /// The innermost message, because the outermost only says that there is no configuration. It may contain the answer
    /// of an unknown server, so only the start of its first line is used, without control characters.
    /// </summary>
    internal static string ReasonOf(Exception exception)
    {
        var line = exception.GetBaseException().Message.Split('\n', 2)[0].TrimEnd('\r');
        return string.Concat(
            (line.Length <= LongestReason ? line : line[..LongestReason]).Select(character =>
                IsText(character) ? character : ' '
            )
        );
    }

    private static bool IsText(char character) =>
        char.GetUnicodeCategory(character)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
}
