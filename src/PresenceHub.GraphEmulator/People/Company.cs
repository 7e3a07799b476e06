using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace PresenceHub.GraphEmulator.People;

/// <summary>
/// The directory: the people (by index, 0 to <see cref="Count"/>) and the accounts that hold subscriptions.
/// </summary>
internal sealed class Company
{
    private const string Domain = "contoso.example";

    private readonly Guid[] _ids;
    private readonly Dictionary<Guid, int> _indexes;
    private readonly Guid[] _serviceAccounts;
    private readonly int _seed;
    private readonly Lazy<int[]> _byDisplayName;

    public Company(int people, int serviceAccounts, int seed)
    {
        _seed = seed;
        _ids = new Guid[people];
        _indexes = new Dictionary<Guid, int>(people);
        for (var index = 0; index < people; index++)
        {
            _ids[index] = StableId("person", index);
            _indexes.Add(_ids[index], index);
        }

        _serviceAccounts = [.. Enumerable.Range(0, serviceAccounts).Select(index => StableId("account", index))];
        _byDisplayName = new Lazy<int[]>(SortByDisplayName);
    }

    public int Count => _ids.Length;

    /// <summary>The indexes of all people, sorted when they are first needed.</summary>
    public IReadOnlyList<int> ByDisplayName => _byDisplayName.Value;

    public IReadOnlyList<Guid> ServiceAccounts => _serviceAccounts;

    public Guid IdOf(int index) => _ids[index];

    public bool TryFind(Guid id, out int index) => _indexes.TryGetValue(id, out index);

    public bool TryFind(string idOrPrincipalName, out int index)
    {
        if (Guid.TryParse(idOrPrincipalName, out var id))
        {
            return TryFind(id, out index);
        }

        // The number at the end of a principal name is the index, so that no table of names is needed.
        var at = idOrPrincipalName.IndexOf('@', StringComparison.Ordinal);
        var dot = at < 0 ? -1 : idOrPrincipalName.LastIndexOf('.', at);
        return int.TryParse(
                idOrPrincipalName.AsSpan(dot + 1, Math.Max(0, at - dot - 1)),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out index
            )
            && index < Count
            && Describe(index).UserPrincipalName.Equals(idOrPrincipalName, StringComparison.OrdinalIgnoreCase);
    }

    public bool IsServiceAccount(Guid id) => Array.IndexOf(_serviceAccounts, id) >= 0;

    public Person Describe(int index)
    {
        // Strides without a common factor with the list lengths visit every combination before one repeats.
        var turn = TurnOf(index);
        var given = PersonNames.Given[(turn * 37) % PersonNames.Given.Length];
        var surname = PersonNames.Surnames[
            ((turn * 53) + (turn / (uint)PersonNames.Given.Length)) % PersonNames.Surnames.Length
        ];
        var department = DepartmentOf(index);
        var title = $"{department} {PersonNames.JobTitles[((turn * 3) + (turn / 10)) % PersonNames.JobTitles.Length]}";
        var principalName = string.Create(CultureInfo.InvariantCulture, $"{given}.{surname}.{index}@{Domain}");
        return new Person(_ids[index], given, surname, department, title, principalName.ToLowerInvariant());
    }

    public string DepartmentOf(int index) =>
        PersonNames.Departments[(TurnOf(index) * 7) % PersonNames.Departments.Length];

    public Person DescribeServiceAccount(Guid id)
    {
        var number = Array.IndexOf(_serviceAccounts, id) + 1;
        var principalName = string.Create(CultureInfo.InvariantCulture, $"presence-reader-{number}@{Domain}");
        var surname = string.Create(CultureInfo.InvariantCulture, $"Reader {number}");
        return new Person(id, "Presence", surname, "IT Operations", "Service account", principalName);
    }

    private uint TurnOf(int index) => (uint)(index + (_seed * 31));

    private int[] SortByDisplayName()
    {
        var indexes = new int[Count];
        var names = new string[Count];
        for (var index = 0; index < Count; index++)
        {
            (indexes[index], names[index]) = (index, Describe(index).DisplayName);
        }

        // Namesakes keep one order, so that no page has one of them twice.
        Array.Sort(indexes, (left, right) =>
            StringComparer.OrdinalIgnoreCase.Compare(names[left], names[right]) is var order and not 0
                ? order
                : left.CompareTo(right)
        );
        return indexes;
    }

    private Guid StableId(string kind, int index)
    {
        Span<byte> input = stackalloc byte[24];
        input.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(input, _seed);
        BinaryPrimitives.WriteInt32LittleEndian(input[4..], index);
        System.Text.Encoding.ASCII.GetBytes(kind, input[8..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x40);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
