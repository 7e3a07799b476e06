using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.ChatSample.Conversations;

namespace PresenceHub.ChatSample;

/// <summary>Conversations over SignalR. The page gets presence from the presence hub, not from here.</summary>
[Authorize]
internal sealed class ChatHub(ConversationStore conversations) : Hub<IChatClient>
{
    public const string Path = "/hubs/chat";

    private string User => Context.UserIdentifier!;

    /// <summary>The conversations of the user, with their latest messages.</summary>
    public IReadOnlyList<Conversation> List() => conversations.Of(User);

    /// <summary>The conversation of the user and these people: the present one, or a new one.</summary>
    public async Task<Conversation> Open(string[]? people)
    {
        var conversation = conversations.Open([User, .. people ?? []])
            ?? throw new HubException("invalidRequest: no such conversation");
        await Clients.Users(conversation.People).ConversationOpened(conversation);
        return conversation;
    }

    public async Task Send(Guid conversationId, string? text)
    {
        if (conversations.Add(conversationId, User, text) is not var (people, message))
        {
            throw new HubException("invalidRequest: no such conversation, or the text is empty or too long");
        }

        await Clients.Users(people).MessageSent(conversationId, message);
    }

    /// <summary>Tells the others that the user is typing. Clients call it every two seconds at most.</summary>
    public async Task Typing(Guid conversationId)
    {
        if (conversations.PeopleOf(conversationId, User) is { } people)
        {
            await Clients.Users([.. people.Where(id => id != User)]).Typing(conversationId, User);
        }
    }
}
