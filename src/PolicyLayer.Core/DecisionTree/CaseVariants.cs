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
        public bool Equals(string? x, string? y)
        {
            StringRuneEnumerator left = x!.EnumerateRunes();
            StringRuneEnumerator right = y!.EnumerateRunes();
            while (left.MoveNext())
            {
                if (!right.MoveNext() || NameFolding.Fold(left.Current.Value) != NameFolding.Fold(right.Current.Value))
                {
                    return false;
                }
            }

            return !right.MoveNext();
        }

        public int GetHashCode([DisallowNull] string obj)
        {
            // Keyed by the process, so that nobody writes a document of names that meet.
            var hash = new HashCode();
            foreach (Rune rune in obj.EnumerateRunes())
            {
                hash.Add(NameFolding.Fold(rune.Value));
            }

            return hash.ToHashCode();
        }
    }
}
