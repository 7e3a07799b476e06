using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>What the steps of a notification cost: processor time of one thread, without a server, Redis or
/// Graph.</summary>
internal static class NotificationCost
{
    private const int SubjectsOfASubscription = 650;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(1);

    public static void Run()
    {
        var certificate = EncryptionCertificate.Create(TimeProvider.System.GetUtcNow());
        var subject = new SubjectId(Guid.NewGuid());
        using var template = new NotificationTemplate(Posted(subject, certificate), _ => certificate.PublicBase64);
        var body = template.Next();
        NotificationBatch.TryParse(body, 0, _ => true, out var batch);
        var content = batch!.Items[0].EncryptedContent!;
        var dataKey = Convert.FromBase64String(content.DataKey!);
        var exported = certificate.ExportPrivateKey();
        var (key, data) = (certificate.Decrypt(dataKey), Convert.FromBase64String(content.Data!));

        using var signingKey = RSA.Create(2048);
        var signed = RandomNumberGenerator.GetBytes(1200);
        var signature = signingKey.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var token = new string('t', 1600);

        Print($"parse a POST of one item ({body.Length:#,0} bytes)", () =>
            NotificationBatch.TryParse(body, 0, _ => true, out _)
        );
        Print("open a payload (RSA-OAEP, HMAC, AES)", () => PayloadDecryptor.TryDecrypt(content, certificate));
        Print("  of that the RSA decryption with a key that is kept", () => certificate.Decrypt(dataKey));
        Print("  of that HMAC and AES", () => VerifyAndDecrypt(key, data));
        Print("  the RSA decryption with a key that is imported each time", () => ImportAndDecrypt(exported, dataKey));
        Print("verify the signature of a validation token (RS256)", () =>
            signingKey.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );
        Print("know a validation token again (SHA-256)", () =>
            Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)))
        );
        Print("know an applied payload again (SHA-256)", () => AppliedPayloads.FingerprintOf(subject, content));
    }

    /// <summary>As Graph posts it: a subscription's whole list of people is repeated with every item.</summary>
    private static byte[] Posted(SubjectId subject, EncryptionCertificate certificate)
    {
        var people = string.Join(',', Enumerable.Range(0, SubjectsOfASubscription).Select(_ => $"'{Guid.NewGuid()}'"));
        var item = new JsonObject
        {
            ["changeType"] = "updated",
            ["clientState"] = Guid.NewGuid().ToString(),
            ["subscriptionId"] = Guid.NewGuid().ToString(),
            ["tenantId"] = Guid.NewGuid().ToString(),
            ["resource"] = $"communications/presences?$filter={Uri.EscapeDataString($"id in ({people})")}",
            ["resourceData"] = new JsonObject { ["id"] = subject.ToString() },
            ["encryptedContent"] = new JsonObject { ["encryptionCertificateId"] = certificate.Id },
        };
        return Encoding.UTF8.GetBytes(
            new JsonObject { ["value"] = new JsonArray(item), ["validationTokens"] = new JsonArray() }.ToJsonString()
        );
    }

    private static void VerifyAndDecrypt(byte[] key, byte[] data)
    {
        HMACSHA256.HashData(key, data);
        using var aes = Aes.Create();
        aes.Key = key;
        aes.DecryptCbc(data, key.AsSpan(0, 16), PaddingMode.PKCS7);
    }

    private static void ImportAndDecrypt(byte[] exported, byte[] dataKey)
    {
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(exported, out _);
        key.Decrypt(dataKey, RSAEncryptionPadding.OaepSHA1);
    }

    private static void Print(string step, Action action)
    {
        using var process = Process.GetCurrentProcess();
        Repeat(action, Measured / 4);
        process.Refresh();
        var before = process.TotalProcessorTime;
        var times = Repeat(action, Measured);
        process.Refresh();
        var cost = (process.TotalProcessorTime - before).TotalMicroseconds / times;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cost, 8:0.0} us  {step}"));
    }

    private static int Repeat(Action action, TimeSpan duration)
    {
        var (times, begun) = (0, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(begun) < duration)
        {
            action();
            times++;
        }

        return times;
    }
}
