using System.Collections.Frozen;

namespace PresenceHub.Fleet.Watching;

/// <summary>All people by number, so that views hold small integers instead of ids.</summary>
internal sealed class SubjectTable
{
    private readonly FrozenDictionary<Guid, int> _numbers;
    private readonly string[] _texts;

    public SubjectTable(IReadOnlyList<Person> people)
    {
        People = people;
        _texts = [.. people.Select(person => person.Id.ToString("D"))];
        _numbers = people.Select((person, number) => KeyValuePair.Create(person.Id, number)).ToFrozenDictionary();
    }

    public IReadOnlyList<Person> People { get; }

    public int Count => _texts.Length;

    public bool TryFind(Guid id, out int subject) => _numbers.TryGetValue(id, out subject);

    /// <summary>The id as the wire carries it.</summary>
    public string TextOf(int subject) => _texts[subject];
}
