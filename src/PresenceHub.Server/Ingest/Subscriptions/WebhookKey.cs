using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// The secret from which the nodes derive what only Graph knows: a segment of the notification URL, and the client
/// state of each subscription. A node with the key verifies both without reading Redis.
/// </summary>
internal sealed class WebhookKey
{
    private const int SecretBytes = 32;
    private const int NonceBytes = 16;

    private readonly byte[] _secret;

    public WebhookKey(DateTimeOffset madeAt, byte[] secret, bool hasFormerSubscriptions = false) =>
        (MadeAt, _secret, HasFormerSubscriptions) = (madeAt, secret, hasFormerSubscriptions);

    public DateTimeOffset MadeAt { get; }

    /// <summary>Whether subscriptions without a segment existed when the key was created.</summary>
    public bool HasFormerSubscriptions { get; }

    public static WebhookKey Create(DateTimeOffset now, bool hasFormerSubscriptions = false) =>
        new(now, RandomNumberGenerator.GetBytes(SecretBytes), hasFormerSubscriptions);

    public byte[] ExportSecret() => _secret;

    public bool IsSameAs(WebhookKey other) => CryptographicOperations.FixedTimeEquals(_secret, other._secret);

    /// <summary>Returns the URL segment of a period, 43 characters.</summary>
    public string SegmentOf(long period)
    {
        Span<byte> text = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(text, period);
        return Base64Url.EncodeToString(Sign("segment"u8, text));
    }

    /// <summary>Creates a unique client state, 64 characters.</summary>
    public string CreateClientState()
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        return Base64Url.EncodeToString([.. nonce, .. Sign("clientState"u8, nonce)]);
    }

    /// <summary>Whether the text is a client state that was created with this key.</summary>
    public bool IsClientState(string text)
    {
        Span<byte> sent = stackalloc byte[NonceBytes + HMACSHA256.HashSizeInBytes];
        return text.Length == Base64Url.GetEncodedLength(sent.Length)
            && Base64Url.DecodeFromChars(text, sent, out _, out var length) is OperationStatus.Done
            && length == sent.Length
            && CryptographicOperations.FixedTimeEquals(sent[NonceBytes..], Sign("clientState"u8, sent[..NonceBytes]));
    }

    private byte[] Sign(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> text) =>
        HMACSHA256.HashData(_secret, (ReadOnlySpan<byte>)[.. purpose, .. text]);
}
