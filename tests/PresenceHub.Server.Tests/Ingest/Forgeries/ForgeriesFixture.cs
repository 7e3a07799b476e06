using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PresenceHub.Contracts;
using PresenceHub.GraphEmulator.Subscriptions;
using PresenceHub.GraphEmulator.Tokens;

namespace PresenceHub.Server.Tests.Ingest.Forgeries;

/// <summary>A hub with a live subscription, and everything a forger could know of it and more: the secrets that Graph
/// has.</summary>
public sealed class ForgeriesFixture : IAsyncLifetime
{
    /// <summary>What can become of a notification in the end.</summary>
    private static readonly string[] Ends =
    [
        "forged",
        "unknownSubscription",
        "malformed",
        "refreshed",
        "applied",
        "repeated",
        "dropped",
        "lifecycle",
    ];

    private readonly ConcurrentDictionary<string, long> _outcomes = new();
    private readonly LogProvider _log = new();
    private readonly MeterListener _meters = new();
    private HttpClient _http = null!;
    private SigningKeys _keys = null!;
    private TokenIssuer _issuer = null!;

    internal IngestHost Host { get; private set; } = null!;

    internal SubjectId[] People { get; private set; } = [];

    public Guid SubscriptionId { get; private set; }

    public string ClientState { get; private set; } = "";

    public Uri NotificationUrl { get; private set; } = null!;

    public Uri LifecycleUrl { get; private set; } = null!;

    public string TenantId { get; private set; } = "";

    public string CertificateId { get; private set; } = "";

    public RSAParameters CertificateKey { get; private set; }

    public string Log => string.Join('\n', _log.Lines);

    public async Task InitializeAsync()
    {
        Host = await IngestHost.StartAsync(
            emulator =>
            {
                emulator.Switches.SequenceNumberInRichData = true;
                TenantId = emulator.TenantId;
                ClientId = emulator.ClientId;
            },
            ("Polling:Enabled", "false")
        );
        Host.Services.GetRequiredService<ILoggerFactory>().AddProvider(_log);
        var scope = Host.Services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "presencehub.ingest.notifications" && ReferenceEquals(instrument.Meter.Scope, scope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>(
            (_, count, tags, _) => _outcomes.AddOrUpdate((string)tags[0].Value!, count, (_, sum) => sum + count)
        );
        _meters.Start();

        People = await Host.PeopleAsync(8);
        SubjectId[] watched = [.. People[..5], .. People[6..]];
        Host.Watch(watched);
        await Host.UntilStoredAsync(watched);
        await Host.UntilSubscribedAsync(watched.Length);
        await Host.UntilIdleAsync();
        var subscription = Assert.Single(Host.Emulator.Services.GetRequiredService<SubscriptionBook>().List());
        (SubscriptionId, ClientState) = (subscription.Id, subscription.ClientState!);
        NotificationUrl = new Uri(subscription.Terms.NotificationUrl);
        LifecycleUrl = new Uri(subscription.LifecycleUrl!);
        (CertificateId, CertificateKey) = (
            subscription.Terms.Certificate!.Id,
            subscription.Terms.Certificate.PublicKey
        );
        _keys = Host.Emulator.Services.GetRequiredService<SigningKeys>();
        _issuer = Host.Emulator.Services.GetRequiredService<TokenIssuer>();
        _http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Host.Address };
    }

    public async Task DisposeAsync()
    {
        _meters.Dispose();
        _http.Dispose();
        await Host.DisposeAsync();
    }

    public string ClientId { get; private set; } = "";

    internal ForgedToken CreateToken() =>
        new(_keys.Key.Rsa, _keys.Key.KeyId, _issuer.Issuer, ClientId, TenantId, TimeProvider.System.GetUtcNow());

    /// <summary>A token that the authority issued, but for something else.</summary>
    internal string CreateAccessToken(bool forGraph) =>
        _issuer.ForApplication(forGraph ? TokenResource.Graph : TokenResource.Hub, ClientId).Token;

    /// <summary>Posts, and waits until all its items have come to their end.</summary>
    /// <returns>The answer, and how many items ended how.</returns>
    internal async Task<(ForgeryAnswer Answer, IReadOnlyDictionary<string, long> Ended)> PostAsync(
        string body,
        int items,
        bool toLifecycle = false,
        string contentType = "application/json; charset=utf-8"
    )
    {
        var before = Ends.ToDictionary(end => end, end => _outcomes.GetValueOrDefault(end));
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await _http.PostAsync(toLifecycle ? LifecycleUrl : NotificationUrl, content);
        var answer = new ForgeryAnswer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            string.Join(
                ',',
                response
                    .Headers.Concat(response.Content.Headers)
                    .Where(header => header.Key is not "Date")
                    .Select(header => $"{header.Key}={string.Join(';', header.Value)}")
            )
        );
        Dictionary<string, long> ended = [];
        if (response.IsSuccessStatusCode)
        {
            await IngestHost.UntilAsync("the notifications come to their end", () =>
            {
                ended = Ends.Select(end => (end, count: _outcomes.GetValueOrDefault(end) - before[end]))
                    .Where(pair => pair.count > 0)
                    .ToDictionary();
                return Task.FromResult(ended.Values.Sum() >= items);
            });
        }

        return (answer, ended);
    }

    private sealed class LogProvider : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose() { }
    }
}
