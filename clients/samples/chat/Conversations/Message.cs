namespace PresenceHub.ChatSample.Conversations;

/// <param name="Number">Counts the messages of a conversation from 1, so that a page drops what it has already.</param>
/// <param name="From">The object id of the sender.</param>
/// <param name="Text">Plain text.</param>
/// <param name="SentAt">When the server took it.</param>
public sealed record Message(int Number, string From, string Text, DateTimeOffset SentAt);
