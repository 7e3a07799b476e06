using PresenceHub.ChatSample.Conversations;

namespace PresenceHub.ChatSample;

/// <summary>
/// What pages are told. A user gets it on all of their pages. Public, because SignalR implements it at run time.
/// </summary>
public interface IChatClient
{
    Task ConversationOpened(Conversation conversation);

    Task MessageSent(Guid conversationId, Message message);

    Task Typing(Guid conversationId, string userId);
}
