namespace PresenceHub.ChatSample.Conversations;

/// <summary>
/// All conversations, in memory: a real chat keeps them in a database. When there are too many, the one that has been
/// silent for longest is dropped; a conversation keeps its latest messages.
/// </summary>
internal sealed class ConversationStore(TimeProvider time)
{
    internal const int MaxConversations = 500;
    internal const int MaxMessages = 200;
    internal const int MaxPeople = 20;
    internal const int MaxTextLength = 2_000;

    private readonly Lock _gate = new();

    /// <summary>In the order of their last message, latest last.</summary>
    private readonly List<Conversation> _conversations = [];

    public IReadOnlyList<Conversation> Of(string user)
    {
        lock (_gate)
        {
            return [.. _conversations.Where(conversation => conversation.People.Contains(user))];
        }
    }

    /// <summary>The conversation of these people. Null if an id is no object id, or they are too few or many.</summary>
    public Conversation? Open(IReadOnlyCollection<string> people)
    {
        if (people.Count > MaxPeople || !people.All(id => Guid.TryParseExact(id, "D", out _)))
        {
            return null;
        }

        string[] distinct =
        [
            .. people.Select(id => Guid.Parse(id).ToString()).Distinct().Order(StringComparer.Ordinal),
        ];
        if (distinct.Length < 2)
        {
            return null;
        }

        lock (_gate)
        {
            if (_conversations.Find(held => held.People.SequenceEqual(distinct)) is { } present)
            {
                return present;
            }

            if (_conversations.Count >= MaxConversations)
            {
                _conversations.RemoveAt(0);
            }

            var opened = new Conversation(Guid.NewGuid(), distinct, []);
            _conversations.Add(opened);
            return opened;
        }
    }

    /// <summary>The people to tell and the message. Null if the sender does not take part, or the text is not
    /// allowed.</summary>
    public (IReadOnlyList<string> People, Message Message)? Add(Guid conversationId, string from, string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxTextLength)
        {
            return null;
        }

        lock (_gate)
        {
            if (Find(conversationId, from) is not { } conversation)
            {
                return null;
            }

            var number = conversation.Messages is [.., var last] ? last.Number + 1 : 1;
            var message = new Message(number, from, text, time.GetUtcNow());
            Message[] messages = [.. conversation.Messages.TakeLast(MaxMessages - 1), message];
            _conversations.Remove(conversation);
            _conversations.Add(conversation with { Messages = messages });
            return (conversation.People, message);
        }
    }

    /// <summary>Null if the user does not take part.</summary>
    public IReadOnlyList<string>? PeopleOf(Guid conversationId, string user)
    {
        lock (_gate)
        {
            return Find(conversationId, user)?.People;
        }
    }

    private Conversation? Find(Guid conversationId, string user) =>
        _conversations.Find(held => held.Id == conversationId && held.People.Contains(user));
}
