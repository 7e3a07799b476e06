using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace PresenceHub.ChatSample.Identity;

/// <summary>
/// Who is chatting. In a tenant the chat takes tokens of its own audience: a token for the presence hub must not open
/// another server, so the page gets two tokens from one sign-in.
/// </summary>
internal static class IdentityExtensions
{
    private const string Scope = "access";

    public static IServiceCollection AddChatIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IUserIdProvider, ObjectIdProvider>();
        var section = configuration.GetSection(ChatOptions.SectionName);
        if (string.IsNullOrEmpty(section[nameof(ChatOptions.ClientId)]))
        {
            services.AddHttpClient(SimulatedHubHandler.SchemeName, (provider, http) =>
            {
                http.BaseAddress = new Uri(
                    $"{provider.GetRequiredService<IOptions<ChatOptions>>().Value.Url.ToString().TrimEnd('/')}/"
                );
                http.Timeout = SimulatedHubHandler.Patience;
            });
            services
                .AddAuthentication(SimulatedHubHandler.SchemeName)
                .AddScheme<AuthenticationSchemeOptions, SimulatedHubHandler>(SimulatedHubHandler.SchemeName, null);
            services.AddAuthorization();
            return services;
        }

        services
            .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(bearer =>
            {
                bearer.Authority = section[nameof(ChatOptions.Authority)];
                bearer.Audience = section[nameof(ChatOptions.ChatAudience)];
                bearer.MapInboundClaims = false;
                bearer.Events = new JwtBearerEvents
                {
                    OnMessageReceived = context =>
                    {
                        context.Token = QueryToken.Read(context.Request);
                        return Task.CompletedTask;
                    },
                };
            });
        services.AddAuthorizationBuilder().SetDefaultPolicy(WithScope());
        return services;
    }

    private static AuthorizationPolicy WithScope() =>
        new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .RequireClaim(ObjectIdProvider.Claim)
            .RequireAssertion(context =>
                context.User.FindFirst("scp")?.Value.Split(' ').Contains(Scope, StringComparer.Ordinal) is true
            )
            .Build();
}
