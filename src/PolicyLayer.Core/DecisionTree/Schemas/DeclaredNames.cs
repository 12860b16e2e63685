using System.Numerics;
using System.Text;
using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>
/// Finds which of a schema's names a member has, exactly or but for case: at once where members come in the schema's order, else by
/// comparing all when there are few, or those of one hash, which sets case aside, under a secret key.
/// </summary>
internal sealed class DeclaredNames
{
    /// <summary>No position: no such name is declared.</summary>
    public const int Undeclared = -1;

    /// <summary>No position: the name isn't declared, but one that differs from it only by case.</summary>
    public const int CaseVariant = -2;

    private const int FewNames = 8;

    private readonly MemberName[] _names;

    /// <summary>For each bucket the first name's position plus 1, and for each name the next one's in its bucket.</summary>
    private readonly int[] _buckets = [];
    private readonly int[] _next = [];

    /// <summary>How many names at most are equal but for case, and so surely in one bucket.</summary>
    private readonly int _variants;

    public DeclaredNames(string[] names)
    {
        _names = [.. names.Select(name => new MemberName(Encoding.UTF8.GetBytes(name)))];
        if (names.Length <= FewNames)
        {
            return;
        }

        _variants = names.GroupBy(Fold, StringComparer.Ordinal).Max(group => group.Count());
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)names.Length * 2)];
        _next = new int[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            ref int bucket = ref BucketOf(_names[i].Utf8);
            _next[i] = bucket;
            bucket = i + 1;
        }
    }

    public int Count => _names.Length;

    public MemberName this[int position] => _names[position];

    /// <summary>The name's position, or one of the constants. The expected one is tried first.</summary>
    public int Find(JsonString name, int expected, SchemaScratch scratch)
    {
        if ((uint)expected < (uint)_names.Length && name.Equals(_names[expected].Utf8))
        {
            return expected;
        }

        return _buckets.Length == 0 ? FindAmongFew(name, scratch.Work) : FindAmongMany(scratch.Text.ToUtf8(name), scratch.Work);
    }

    /// <summary>The first name after a position, -1 for the first of all, that differs from one only by case; -1 when none does.</summary>
    public int FindVariant(JsonString name, int after, SchemaScratch scratch)
    {
        bool isHashed = _buckets.Length > 0;
        scratch.Work.Left -= isHashed ? CostOfBucket(name.Raw.Length) : 0;
        int i = after;
        do
        {
            i = FollowerOf(name, i, scratch.Text);
        }
        while (i >= 0 && (isHashed ? _names[i].Match(name, out _) : Match(i, name, scratch.Work)) != NameMatch.CaseVariant);
        return i;
    }

    private int FollowerOf(JsonString name, int position, SchemaText buffer)
    {
        if (_buckets.Length == 0)
        {
            return position + 1 < _names.Length ? position + 1 : Undeclared;
        }

        return (position < 0 ? BucketOf(buffer.ToUtf8(name)) : _next[position]) - 1;
    }

    private int FindAmongFew(JsonString name, WorkBudget work)
    {
        int found = Undeclared;
        for (int i = 0; i < _names.Length; i++)
        {
            NameMatch match = Match(i, name, work);
            if (match == NameMatch.Exact)
            {
                return i;
            }

            found = match == NameMatch.CaseVariant ? CaseVariant : found;
        }

        return found;
    }

    private int FindAmongMany(ReadOnlySpan<byte> text, WorkBudget work)
    {
        work.Left -= CostOfBucket(text.Length);
        int found = Undeclared;
        for (int i = BucketOf(text) - 1; i >= 0; i = _next[i] - 1)
        {
            NameMatch match = _names[i].Match(new JsonString(text, hasEscapes: false), out _);
            if (match == NameMatch.Exact)
            {
                return i;
            }

            found = match == NameMatch.CaseVariant ? CaseVariant : found;
        }

        return found;
    }

    /// <summary>INVARIANT: not what a bucket happens to hold under the secret key, but what it may have to.</summary>
    private long CostOfBucket(int bytes) => StepCosts.NearName + StepCosts.Hash + ((long)StepCosts.NearNameByte * bytes * _variants);

    private static string Fold(string name) =>
        string.Concat(name.EnumerateRunes().Select(rune => new Rune(NameFolding.Fold(rune.Value)).ToString()));

    private NameMatch Match(int position, JsonString name, WorkBudget work)
    {
        NameMatch match = _names[position].Match(name, out int near);
        work.Left -= StepCosts.Child + near;
        return match;
    }

    /// <summary>Names that are equal but for case have one bucket.</summary>
    private ref int BucketOf(ReadOnlySpan<byte> text) =>
        ref _buckets[(int)NameHash.Of(text) & (_buckets.Length - 1)];
}
