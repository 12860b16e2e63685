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
        (byte[] Text, TextList Patterns)[] rows =
        [
            .. GrammarRow.ReadAll(file).Where(row => row.Text is not null).Select(row => (row.Utf8Text, row.List)),
        ];
        AreNone(() =>
        {
            foreach ((byte[] text, TextList patterns) in rows)
            {
                judge(text, patterns.Patterns);
            }
        });
    }

    /// <summary>The runtime itself allocates now and then, as when it recompiles a method: some round must be free of that.</summary>
    public static void AreNone(Action judge) => Assert.Contains(0, Enumerable.Range(0, 10).Select(_ => AllocatedBy(judge)).ToArray());

    public static Judgement JudgeText(this Judge judge, string text, params string[] patterns) =>
        judge(Encoding.UTF8.GetBytes(text), GrammarRow.ListOf(patterns.AsEnumerable()).Patterns);

    private static long AllocatedBy(Action judge)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        judge();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
