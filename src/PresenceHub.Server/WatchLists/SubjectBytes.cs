using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>The 16-byte form of subjects in Redis sets and messages.</summary>
internal static class SubjectBytes
{
    public const int Size = 16;

    public static byte[] Write(SubjectId subject) => subject.Value.ToByteArray(bigEndian: true);

    public static byte[] WriteAll(IEnumerable<SubjectId> subjects) => [.. subjects.SelectMany(Write)];

    /// <summary>Reads all subjects. Remaining bytes are ignored.</summary>
    public static IReadOnlyList<SubjectId> ReadAll(ReadOnlySpan<byte> bytes)
    {
        var subjects = new SubjectId[bytes.Length / Size];
        for (var i = 0; i < subjects.Length; i++)
        {
            subjects[i] = new SubjectId(new Guid(bytes.Slice(i * Size, Size), bigEndian: true));
        }

        return subjects;
    }
}
