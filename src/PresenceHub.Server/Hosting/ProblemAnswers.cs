using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hosting;

/// <summary>Answers every error that has no body yet with problem details.</summary>
internal static class ProblemAnswers
{
    public static IServiceCollection AddProblemAnswers(this IServiceCollection services)
    {
        // The exception handler needs the service, although RequestFailures leaves nothing to it.
        services.AddProblemDetails();
        services.AddExceptionHandler<RequestFailures>();
        return services;
    }

    public static void UseProblemAnswers(this WebApplication app)
    {
        app.UseExceptionHandler();

        // UseStatusCodePages leaves out a response that has a content type and no body, such as SignalR's 405.
        app.Use(
            async (context, next) =>
            {
                await next(context);
                var response = context.Response;
                if (
                    response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest }
                    && response.ContentLength is null or 0
                    && !context.RequestAborted.IsCancellationRequested
                )
                {
                    await Problems.Of(response.StatusCode).ExecuteAsync(context);
                }
            }
        );
    }
}
