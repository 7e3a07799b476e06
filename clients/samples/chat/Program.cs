using PresenceHub.ChatSample;
using PresenceHub.ChatSample.Conversations;
using PresenceHub.ChatSample.Identity;

// The page is beside the assembly, whatever directory the chat is started from.
var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
);
if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null)
{
    builder.WebHost.UseUrls("http://localhost:5090");
}

builder.Services.AddChatOptions();
builder.Services.AddChatIdentity(builder.Configuration);
builder.Services.AddSingleton(TimeProvider.System).AddSingleton<ConversationStore>();
builder.Services.AddSignalR();

var app = builder.Build();
app.UsePagePolicy();
app.UseDefaultFiles();
app.UseStaticFiles();
app.UseAuthentication();
app.UseAuthorization();
app.MapPageSettings();

// Without this a connection outlives the token that opened it.
app.MapHub<ChatHub>(ChatHub.Path, options => options.CloseOnAuthenticationExpiration = true);
app.AnnounceAddress();
await app.RunAsync();
