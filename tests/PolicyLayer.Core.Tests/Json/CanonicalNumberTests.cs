using System.Diagnostics;
using System.Globalization;
using System.Text;
using PolicyLayer.Json.Canonical;
using PolicyLayer.Json.Values;
using PolicyLayer.Tests.Regexes;

namespace PolicyLayer.Tests.Json;

/// <summary>Numbers in canonical form are written as ECMAScript writes them (RFC 8785), and only where that is what was written.</summary>
public sealed class CanonicalNumberTests
{
    private const string Script =
        "require('readline').createInterface({input:process.stdin}).on('line',l=>console.log(JSON.stringify(Number(l))))";

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0e5", "0")]
    [InlineData("1", "1")]
    [InlineData("1.0", "1")]
    [InlineData("10e-1", "1")]
    [InlineData("-1.50", "-1.5")]
    [InlineData("100", "100")]
    [InlineData("1e2", "100")]
    [InlineData("0.1", "0.1")]
    [InlineData("123.456", "123.456")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("0.0000012", "0.0000012")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("123e-9", "1.23e-7")]
    [InlineData("100000000000000000000", "100000000000000000000")]
    [InlineData("1e21", "1e+21")]
    [InlineData("-1.25e30", "-1.25e+30")]
    [InlineData("9007199254740993", null)]
    [InlineData("100.00000000000000001", null)]
    [InlineData("5e-324", "5e-324")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    [InlineData("1e400", null)]
    [InlineData("-1e400", null)]
    [InlineData("1e-400", null)]
    [InlineData("1e999999999999999999999", null)]
    public void Is_written_so(string number, string? expected) => Assert.Equal(expected, Write(number));

    [NodeFact]
    public async Task Node_writes_every_number_alike()
    {
        var random = new Random(8_785);
        string[] numbers = [.. Enumerable.Range(0, RegexPairs.Count(1_000, 100_000)).Select(_ => Next(random))];
        using var node = Process.Start(new ProcessStartInfo("node", ["-e", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Task<string> output = node.StandardOutput.ReadToEndAsync();
        await node.StandardInput.WriteAsync(string.Join('\n', numbers));
        node.StandardInput.Close();
        await node.WaitForExitAsync();

        Assert.Equal((await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), numbers.Select(Write));
    }

    /// <summary>Any double, and those that people write, near where the notation changes.</summary>
    private static string Next(Random random)
    {
        double value;
        do
        {
            value = random.Next(3) switch
            {
                0 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                1 => random.Next(-1_000_000, 1_000_000) / 1_000.0,
                _ => Math.Round(random.NextDouble(), 3) * Math.Pow(10, random.Next(-9, 24)),
            };
        }
        while (!double.IsFinite(value));
        return value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static string? Write(string number)
    {
        Span<byte> text = stackalloc byte[CanonicalNumber.MaxLength];
        return CanonicalNumber.TryWrite(new JsonNumber(Encoding.UTF8.GetBytes(number)), text, out int length)
            ? Encoding.UTF8.GetString(text[..length])
            : null;
    }
}
