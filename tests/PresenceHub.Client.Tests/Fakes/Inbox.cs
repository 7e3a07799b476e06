using System.Threading.Channels;

namespace PresenceHub.Client.Tests.Fakes;

/// <summary>Messages of the code under test, which the test takes one by one.</summary>
internal sealed class Inbox<T>(string name)
{
    private readonly Channel<T> _items = Channel.CreateUnbounded<T>();

    public bool IsEmpty => _items.Reader.Count == 0;

    public void Add(T item) => _items.Writer.TryWrite(item);

    public Task<T> NextAsync() => Expect.SoonAsync(_items.Reader.ReadAsync().AsTask(), name);

    public async Task<T> FirstAsync(Func<T, bool> isWanted)
    {
        while (true)
        {
            var item = await NextAsync();
            if (isWanted(item))
            {
                return item;
            }
        }
    }
}
