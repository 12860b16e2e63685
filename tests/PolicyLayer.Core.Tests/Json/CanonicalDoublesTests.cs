using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Json.Canonical;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

/// <summary>Doubles are written as ECMAScript prints them, by <c>node-doubles.js</c>, which made the data that stands here.</summary>
public sealed class CanonicalDoublesTests
{
    private const ulong Seed = 8_785;
    private const int Listed = 2_000;
    private const int Digested = 100_000;
    private const string Digest = "837fafbec7953d1483f37c59f0a0ab0eb6bf0525f1d3dc1184f04d1d67342d0a";

    /// <summary>The table of RFC 8785, appendix B, but for what is no number.</summary>
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void As_RFC_8785_lists_them(string bits, string expected) => AssertWritten(DoubleOf(bits), expected);

    [Fact]
    public void As_Node_prints_them()
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Json", "data", "node-doubles.txt"));
        Assert.Equal(Listed, lines.Length);
        ulong state = Seed;
        foreach (string line in lines)
        {
            double value = Next(ref state);
            Assert.Equal(BitConverter.DoubleToInt64Bits(DoubleOf(line[..16])), BitConverter.DoubleToInt64Bits(value));
            AssertWritten(value, line[17..]);
        }
    }

    [Fact]
    public void As_Node_printed_a_hundred_thousand_more()
    {
        ulong state = Seed;
        for (int i = 0; i < Listed; i++)
        {
            Next(ref state);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < Digested; i++)
        {
            double value = Next(ref state);
            string line = $"{BitConverter.DoubleToUInt64Bits(value):x16} {WriteExact(Spell(value))}\n";
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        }

        Assert.Equal(Digest, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void AssertWritten(double value, string expected)
    {
        foreach (string spelt in (string[])[Spell(value), expected, value.ToString("E16", CultureInfo.InvariantCulture)])
        {
            // With seventeen digits it may be another decimal.
            if (spelt == expected || JsonNumber.Compare(NumberOf(spelt), NumberOf(expected)) == 0)
            {
                Assert.Equal(expected, CanonicalJson.Of(spelt));
                Assert.Equal(expected, WriteExact(spelt));
                Assert.Equal(expected, WriteAsDouble(spelt));
            }
        }
    }

    private static JsonNumber NumberOf(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Spell(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string WriteExact(string text)
    {
        JsonNumber number = NumberOf(text);
        var utf8 = new byte[CanonicalNumber.MaxLengthOf(number)];
        return Encoding.UTF8.GetString(utf8.AsSpan(0, CanonicalNumber.WriteExact(number, utf8)));
    }

    private static string WriteAsDouble(string text)
    {
        Span<byte> utf8 = stackalloc byte[CanonicalNumber.MaxLength];
        Assert.True(CanonicalNumber.TryWrite(NumberOf(text), utf8, out int length));
        return Encoding.UTF8.GetString(utf8[..length]);
    }

    private static double DoubleOf(string bits) =>
        BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    /// <summary>The next double that the script draws: any, whole ones, decimals of few and of many digits.</summary>
    private static double Next(ref ulong state)
    {
        while (true)
        {
            ulong bits = NextBits(ref state);
            ulong choice = NextBits(ref state);
            double power = double.Parse($"1e{(choice >> 2) % 23}", CultureInfo.InvariantCulture);
            double value = (choice & 3) switch
            {
                0 => BitConverter.UInt64BitsToDouble(bits),
                1 => (bits >> 50) / power,
                2 => (bits >> 11) / power,
                _ => (bits >> 50) * power,
            };
            if (double.IsFinite(value))
            {
                return value;
            }
        }
    }

    // SplitMix64, which is as short in both languages.
    private static ulong NextBits(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
