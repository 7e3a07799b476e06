namespace PresenceHub.ChatSample.Conversations;

/// <param name="Id">Chosen by the server.</param>
/// <param name="People">The object ids of all who take part, in ascending order.</param>
/// <param name="Messages">The latest messages, oldest first.</param>
public sealed record Conversation(Guid Id, IReadOnlyList<string> People, IReadOnlyList<Message> Messages);
