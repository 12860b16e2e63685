using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree;

/// <summary>Tool names that a policy lists, looked up with case set aside.</summary>
internal sealed class CaseVariants(IEnumerable<string> names)
{
    private readonly FrozenSet<string> _names = names.ToFrozenSet(Comparer);

    /// <summary>Names are equal when they are but for case.</summary>
    public static IEqualityComparer<string> Comparer { get; } = new FoldedComparer();

    /// <summary>Whether a name that isn't listed equals a listed one in all but case. Allocates nothing.</summary>
    public bool Contains(string name) => _names.Contains(name);

    private sealed class FoldedComparer : IEqualityComparer<string>
    {
        private const int HashedUnits = 128;

        public bool Equals(string? x, string? y) =>
            Ascii.IsValid(x) && Ascii.IsValid(y) ? Ascii.EqualsIgnoreCase(x, y) : AreEqualFolded(x!, y!);

        // Keyed by the process, as all hashes of strings are, so that nobody writes a document of names that meet.
        public int GetHashCode([DisallowNull] string obj)
        {
            ReadOnlySpan<char> name = obj.AsSpan(0, Math.Min(obj.Length, HashedUnits));
            Span<char> folded = stackalloc char[HashedUnits];
            if (Ascii.ToLower(name, folded, out int length) != OperationStatus.Done)
            {
                length = Fold(name, folded);
            }

            return string.GetHashCode(folded[..length]);
        }

        // Folding leads from no character to one of another length.
        private static int Fold(ReadOnlySpan<char> name, Span<char> folded)
        {
            int length = 0;
            foreach (Rune rune in name.EnumerateRunes())
            {
                length += new Rune(NameFolding.Fold(rune.Value)).EncodeToUtf16(folded[length..]);
            }

            return length;
        }

        private static bool AreEqualFolded(string x, string y)
        {
            StringRuneEnumerator left = x.EnumerateRunes();
            StringRuneEnumerator right = y.EnumerateRunes();
            while (left.MoveNext())
            {
                if (!right.MoveNext() || NameFolding.Fold(left.Current.Value) != NameFolding.Fold(right.Current.Value))
                {
                    return false;
                }
            }

            return !right.MoveNext();
        }
    }
}
