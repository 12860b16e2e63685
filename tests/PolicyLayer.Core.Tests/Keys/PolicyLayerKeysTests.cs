using System.Security.Cryptography;
using System.Text;

namespace PolicyLayer.Tests.Keys;

/// <summary>Keys are read strictly, derived by the book, and never shown.</summary>
public sealed class PolicyLayerKeysTests
{
    private static readonly byte[] First = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly byte[] Second = [.. Enumerable.Range(101, 32).Select(i => (byte)i)];
    private static readonly string FirstText = Convert.ToBase64String(First);
    private static readonly string SecondText = Convert.ToBase64String(Second);

    public static TheoryData<string, string> Broken { get; } = new()
    {
        { "", "it isn't JSON, from byte 1 on" },
        { "[]", "it isn't a JSON object" },
        { "SECRET", "it isn't JSON, from byte 1 on" },
        { """{"current":"k1","keys":{"k1":"KEY"}""", "it isn't JSON" },
        { """{"current":"k1","keys":{"k1":"KEY"}} SECRET""", "it isn't JSON" },
        { """{"current":"k1","keys":{"k1":"KEY"},}""", "it isn't JSON" },
        { """{"current":"k1","keys":{"k1":"KEY"}/*SECRET*/}""", "it isn't JSON" },
        { """{"keys":{"k1":"KEY"}}""", "it needs the members `current` and `keys`" },
        { """{"current":"k1"}""", "it needs the members `current` and `keys`" },
        { """{"current":null,"keys":{"k1":"KEY"}}""", "`current` must be the id of a key" },
        { """{"current":"SECRET","keys":{"k1":"KEY"}}""", "`keys` has no key with the id that `current` names" },
        { """{"current":"K1","keys":{"k1":"KEY"}}""", "`keys` has no key with the id that `current` names" },
        { """{"current":"k1","keys":{"k1":"KEY"},"SECRET":1}""", "only the members `current` and `keys`, each once" },
        { """{"current":"k1","current":"k1","keys":{"k1":"KEY"}}""", "only the members `current` and `keys`, each once" },
        { """{"current":"k1","keys":{"k1":"KEY"},"keys":{}}""", "only the members `current` and `keys`, each once" },
        { """{"current":"k1","keys":{"k1":"KEY","\u006b1":"KEY"}}""", "`keys` has the id `k1` twice" },
        { """{"current":"k1","keys":["KEY"]}""", "`keys` must be an object from id to key" },
        { """{"current":"k1","keys":{"k1":["KEY"]}}""", "a key must be a string" },
        { """{"current":"k1","keys":{"k1":"SECRET!"}}""", "a key isn't Base64" },
        { """{"current":"k1","keys":{"k1":"U0VDUkVU"}}""", "A key has 32 bytes." },
        { """{"current":"k1","keys":{"k1":""}}""", "A key has 32 bytes." },
        { """{"current":"k1","keys":{"KEY":"KEY"}}""", "A key's id has 1 to 32 of the characters" },
        { """{"current":"k1","keys":{"":"KEY"}}""", "A key's id has 1 to 32 of the characters" },
        { """{"current":"k1","keys":{"k 1":"KEY"}}""", "A key's id has 1 to 32 of the characters" },
        { """{"current":"k1","keys":{"\ud800":"KEY"}}""", "it isn't JSON" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_is_wrong_is_said_and_nothing_quoted(string json, string message)
    {
        FormatException thrown = Assert.Throws<FormatException>(
            () => PolicyLayerKeys.Parse(json.Replace("KEY", FirstText, StringComparison.Ordinal)));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", thrown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("U0VDUkVU", thrown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(FirstText[..8], thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_file_and_values_are_the_same_keys()
    {
        string json = $$"""{ "keys": { "k2": "{{SecondText}}", "k1": "{{FirstText}}" }, "current": "k2" }""";
        string file = Path.GetTempFileName();
        File.WriteAllText(file, json, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        PolicyLayerKeys[] all =
        [
            PolicyLayerKeys.Parse(json),
            PolicyLayerKeys.ParseFile(file),
            new PolicyLayerKeys("k2", new Dictionary<string, byte[]> { ["k1"] = First, ["k2"] = Second }),
        ];
        File.Delete(file);
        Assert.All(all, keys =>
        {
            Assert.Equal("k2", keys.CurrentId);
            Assert.Equal(["k1", "k2"], keys.Ids);
            Assert.Equal("2 keys, k2 the current one", keys.ToString());
            Assert.Equal(all[0].Derive("p"), keys.Derive("p"));
            Assert.Equal(all[0].Derive("k1", "p"), keys.Derive("k1", "p"));
        });
        Assert.Throws<FileNotFoundException>(() => PolicyLayerKeys.ParseFile(file));
    }

    [Fact]
    public void Values_are_checked_and_copied()
    {
        byte[] key = [.. First];
        var keys = new PolicyLayerKeys("k.1_-Z", new Dictionary<string, byte[]> { ["k.1_-Z"] = key });
        byte[] before = keys.Derive("p");
        key[0] ^= 1;
        Assert.Equal(before, keys.Derive("p"));
        Assert.Throws<ArgumentException>("current", () => new PolicyLayerKeys("k2", new Dictionary<string, byte[]> { ["k1"] = First }));
        Assert.Throws<ArgumentException>("keys", () => new PolicyLayerKeys("k1", new Dictionary<string, byte[]> { ["k1"] = First[1..] }));
        Assert.Throws<ArgumentException>("keys", () => new PolicyLayerKeys("k/1", new Dictionary<string, byte[]> { ["k/1"] = First }));
        Assert.Throws<ArgumentNullException>("keys", () => new PolicyLayerKeys("k1", new Dictionary<string, byte[]> { ["k1"] = null! }));
    }

    [Fact]
    public void Sub_keys_are_those_of_rfc_5869_and_what_an_old_key_made_is_found_by_its_id()
    {
        var old = new PolicyLayerKeys("k1", new Dictionary<string, byte[]> { ["k1"] = First });
        var rotated = new PolicyLayerKeys("k2", new Dictionary<string, byte[]> { ["k1"] = First, ["k2"] = Second });
        byte[] made = old.Derive("argument digests");
        Assert.Equal(Hkdf([], First, "argument digests"u8, 32), made);
        Assert.Equal(Hkdf([], Second, "argument digests"u8, 32), rotated.Derive("argument digests"));
        Assert.Equal(made, rotated.Derive("k1", "argument digests"));
        Assert.NotEqual(made, old.Derive("counter values"));
        Assert.Null(old.Derive("k2", "argument digests"));
        Assert.Null(old.Derive("K1", "argument digests"));
    }

    // Test cases 1 and 3 of RFC 5869, appendix A.
    [Theory]
    [InlineData(
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")]
    [InlineData("", "", "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")]
    public void The_naive_derivation_and_the_frameworks_agree_with_the_rfc(string salt, string info, string expected)
    {
        byte[] key = [.. Enumerable.Repeat((byte)0x0B, 22)];
        byte[] saltBytes = Convert.FromHexString(salt);
        byte[] infoBytes = Convert.FromHexString(info);
        Assert.Equal(expected, Convert.ToHexStringLower(Hkdf(saltBytes, key, infoBytes, 42)));
        Assert.Equal(expected, Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 42, saltBytes, infoBytes)));
    }

    private static byte[] Hkdf(byte[] salt, byte[] key, ReadOnlySpan<byte> info, int length)
    {
        byte[] pseudorandom = HMACSHA256.HashData(salt.Length == 0 ? new byte[32] : salt, key);
        byte[] block = [];
        List<byte> output = [];
        for (byte i = 1; output.Count < length; i++)
        {
            byte[] input = [.. block, .. info, i];
            block = HMACSHA256.HashData(pseudorandom, input);
            output.AddRange(block);
        }

        return [.. output.Take(length)];
    }
}
