using PolicyLayer.DecisionTree;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Rules;

public sealed class CaseVariantsTests
{
    /// <summary>What folds alike is equal and hashes alike, wherever it stands in a name and however long the name is.</summary>
    [Fact]
    public void Every_character_equals_what_it_folds_to()
    {
        IEqualityComparer<string> comparer = CaseVariants.Comparer;
        foreach (int codePoint in Enumerable.Range(0x20, 0x1F000).Where(c => c is < 0xD800 or > 0xDFFF && NameFolding.Fold(c) != c))
        {
            string name = char.ConvertFromUtf32(codePoint);
            string folded = char.ConvertFromUtf32(NameFolding.Fold(codePoint));
            foreach (int before in (ReadOnlySpan<int>)[0, 1, 126, 127, 128, 500])
            {
                string head = new('a', before);

                Assert.True(comparer.Equals(head + name, head + folded), $"U+{codePoint:X}");
                Assert.Equal(comparer.GetHashCode(head + folded), comparer.GetHashCode(head + name));
                Assert.False(comparer.Equals(head + name, head + folded + "b"));
            }
        }
    }

    [Fact]
    public void A_look_for_a_name_in_another_case_allocates_nothing()
    {
        var listed = new CaseVariants(["task", "study"]);
        string[] names = ["TASK", "Study", "other", new string('s', 10_000)];
        bool[] found = new bool[names.Length];
        Find();
        Find();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Find();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal([true, true, false, false], found);

        void Find()
        {
            for (int i = 0; i < names.Length; i++)
            {
                found[i] = listed.Contains(names[i]);
            }
        }
    }
}
