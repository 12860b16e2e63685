using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PolicyLayer.Tests.Auditing.Verification;

/// <summary>Makes lines of a log by hand, from what is written about their form alone.</summary>
internal sealed class MadeLog
{
    public const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    private readonly string? _keyId;
    private readonly byte[]? _subKey;

    public MadeLog()
    {
    }

    public MadeLog(string keyId, byte[] key)
    {
        _keyId = keyId;
        _subKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, salt: null, "policylayer audit line v1"u8.ToArray());
    }

    public long Sequence { get; private set; }

    public string Head { get; private set; } = NoHash;

    /// <summary>As many lines as asked for, of decisions.</summary>
    public static List<string> Lines(int count, MadeLog? log = null)
    {
        log ??= new MadeLog();
        return [.. Enumerable.Range(0, count).Select(i => log.Next(Decision(i)))];
    }

    public static string Decision(int i) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        "kind":"decision","time":"2026-01-01T00:{{i / 60 % 60:00}}:{{i % 60:00}}+00:00","decision_id":"id{{i}}","grant":"g{{i % 3}}",
        "tool":"t{{i % 2}}","outcome":"{{(i % 4 == 0 ? "deny" : "allow")}}","code":"{{(i % 4 == 0 ? "rule_denied" : "allowed")}}",
        "policy":"p","revision":"abc","argument_names":["file","sécret"],"argument_bytes":12
        """).ReplaceLineEndings("");

    /// <summary>The next line with these members.</summary>
    public string Next(string members) => Next(members, Sequence + 1, Head);

    public string Next(string members, long sequence, string previous)
    {
        string key = _keyId is null ? "" : $",\"key\":\"{_keyId}\"";
        string content = string.Create(
            CultureInfo.InvariantCulture, $"{{\"sequence\":{sequence},\"previous\":\"{previous}\",{members}{key}");
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        Sequence = sequence;
        Head = Convert.ToHexStringLower(_subKey is null ? SHA256.HashData(bytes) : HMACSHA256.HashData(_subKey, bytes));
        return $"{content},\"hash\":\"{Head}\"}}";
    }

    public static string HashOf(string line) => line[^66..^2];

    public static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
