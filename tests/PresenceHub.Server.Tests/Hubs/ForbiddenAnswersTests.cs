using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class ForbiddenAnswersTests : IDisposable
{
    private static readonly AuthorizationPolicy Policy = new AuthorizationPolicyBuilder()
        .RequireAuthenticatedUser()
        .Build();

    private readonly WrittenLog _log = new(LogLevel.Information);
    private readonly ServiceProvider _services;
    private readonly ForbiddenAnswers _answers;

    public ForbiddenAnswersTests()
    {
        _services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_log)).BuildServiceProvider();
        var audit = new Audit(Options.Create(new AuditOptions()), _services.GetRequiredService<ILogger<Audit>>());
        _answers = new ForbiddenAnswers(new AuditedRefusals(audit, new FakeTimeProvider()));
    }

    public void Dispose()
    {
        _services.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task HandleAsync_AnswerCannotBeSent_IsStillAudited()
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        context.SetEndpoint(
            new Endpoint(null, new EndpointMetadataCollection(new AuditedAct("account.remove")), "accounts")
        );
        context.Response.Body = new BrokenStream();
        var reason = new AuthorizationFailureReason(new PassThroughAuthorizationHandler(), "no administrator");

        await Assert.ThrowsAsync<IOException>(() =>
            _answers.HandleAsync(
                _ => Task.CompletedTask,
                context,
                Policy,
                PolicyAuthorizationResult.Forbid(AuthorizationFailure.Failed([reason]))
            )
        );

        Assert.Contains(
            "Audit: account.remove by anonymous on nothing: refused (403)",
            Assert.Single(_log.Lines, line => line.StartsWith("Audit", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => ValueTask.FromException(new IOException("The client is gone"));

        public override Task FlushAsync(CancellationToken cancellationToken) =>
            Task.FromException(new IOException("The client is gone"));
    }
}
