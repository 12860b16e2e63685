using System.Text;
using PolicyLayer.Grammars;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Grammars;

/// <summary>What a judgement may cost.</summary>
internal static class GrammarCosts
{
    public const int Long = 1 << 20;

    /// <summary>All rows of a file, judged again and again, allocate nothing.</summary>
    public static void AreNone(string file, Judge judge)
    {
        (byte[] Text, byte[][] Patterns)[] rows =
        [
            .. GrammarRow.ReadAll(file)
                .Where(row => row.Text is not null)
                .Select(row => (Encoding.UTF8.GetBytes(row.Text!), row.Patterns.Select(Encoding.UTF8.GetBytes).ToArray())),
        ];

        // The runtime itself allocates now and then, as when it recompiles a method: some round must be free of that.
        Assert.Contains(0, Enumerable.Range(0, 10).Select(_ => AllocatedBy(rows, judge)).ToArray());
    }

    public static Judgement JudgeText(this Judge judge, string text, params string[] patterns) =>
        judge(Encoding.UTF8.GetBytes(text), new TextPatterns([.. patterns.Select(Encoding.UTF8.GetBytes)]));

    private static long AllocatedBy((byte[] Text, byte[][] Patterns)[] rows, Judge judge)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach ((byte[] text, byte[][] patterns) in rows)
        {
            judge(text, new TextPatterns(patterns));
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
