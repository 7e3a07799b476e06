using System.ComponentModel.DataAnnotations;

namespace PresenceHub.ChatSample;

/// <summary>Where the presence hub is, and how people sign in.</summary>
internal sealed class ChatOptions
{
    public const string SectionName = "PresenceHub";

    /// <summary>The address of the presence hub, as browsers and this server reach it.</summary>
    [Required]
    public Uri Url { get; set; } = new("http://localhost:5080");

    /// <summary>
    /// The client id of the page's own app registration. Without it the hub must be in simulated mode: the page lets
    /// the user pick a person, and the hub's development token signs in to both.
    /// </summary>
    public string? ClientId { get; set; }

    /// <summary>For instance https://login.microsoftonline.com/{tenant id}/v2.0. Required with a client id.</summary>
    public string? Authority { get; set; }

    /// <summary>The scope of the presence hub. Required with a client id.</summary>
    public string? HubScope { get; set; }

    /// <summary>The scope of this chat. Required with a client id.</summary>
    public string? ChatScope { get; set; }

    /// <summary>The audience of tokens for this chat: the client id of its API. Required with a client id.</summary>
    public string? ChatAudience { get; set; }

    public bool IsTenant => !string.IsNullOrEmpty(ClientId);
}
