using System.Text;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using PolicyLayer.Regexes;

namespace PolicyLayer.Benchmarks;

/// <summary>
/// Patterns as rules have them, searched in texts without a match, against the framework's engine of linear time. That reads UTF-16, to
/// which a call would have to be decoded first: the decoding isn't counted.
/// </summary>
[MemoryDiagnoser]
public class RegexBenchmarks
{
    private const int Kilobyte = 1024;
    private const int Mebibyte = 1024 * Kilobyte;

    private LinearRegex _ours = null!;
    private Regex _framework = null!;
    private byte[] _utf8 = [];
    private string _text = "";

    public enum Sample
    {
        Prose,
        Sql,
        Mail,
    }

    [Params(
        "a.{10}b",
        "(?i)password|secret|token",
        @"\d{3}-\d{2}-\d{4}",
        @"[\w.]+@[\w.]+",
        @"(?i)\bdrop\s+table\b",
        @"[A-Za-z0-9+/]{40}")]
    public string Pattern { get; set; } = "";

    [ParamsAllValues]
    public Sample Text { get; set; }

    [Params(Kilobyte, Mebibyte)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        IEnumerable<string> lines = Enumerable.Range(0, 40).Select(i => Text switch
        {
            Sample.Prose => $"The quick brown fox {i} jumps over the lazy dog. ",
            Sample.Sql => $"select name, id from users_{i} where created_at > '2024-01-{(i % 28) + 1:d2}'; ",
            _ => $"From user {i} @ home: see a@ b, @c and mail.to user{i} about it (x.y) @ once. ",
        });
        string kilobyte = string.Concat(lines)[..Kilobyte];
        _text = string.Concat(Enumerable.Repeat(kilobyte, Length / Kilobyte));
        _utf8 = Encoding.UTF8.GetBytes(_text);
        _ours = RegexDialect.Compile(Pattern).Regex!;
        _framework = new Regex(Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    [Benchmark(Baseline = true)]
    public bool NonBacktracking() => _framework.IsMatch(_text);

    [Benchmark]
    public bool IsMatch() => _ours.IsMatch(_utf8);
}
