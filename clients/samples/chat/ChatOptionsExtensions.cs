using Microsoft.Extensions.Options;

namespace PresenceHub.ChatSample;

internal static class ChatOptionsExtensions
{
    public static IServiceCollection AddChatOptions(this IServiceCollection services)
    {
        services
            .AddOptionsWithValidateOnStart<ChatOptions, ChatOptionsValidator>()
            .BindConfiguration(ChatOptions.SectionName)
            .ValidateDataAnnotations();
        return services;
    }

    /// <summary>Says where to look, since the chat logs nothing else at its start.</summary>
    public static void AnnounceAddress(this WebApplication app) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var options = app.Services.GetRequiredService<IOptions<ChatOptions>>().Value;
            Console.WriteLine($"Chat: open {app.Urls.First()} in two browsers. Presence comes from {options.Url}.");
        });
}
