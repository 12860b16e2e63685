using System.Runtime.CompilerServices;
using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Documents;

/// <summary>
/// Reads an object whose members have known names. Walks over it once, when it is made, and reports the unknown ones. What stands twice is
/// reported with the document already; here <see cref="Each"/> gives it at each of its places, and the last one counts.
/// </summary>
internal readonly ref struct ObjectReader
{
    private readonly SyntaxReader _syntax;
    private readonly SyntaxNode _node;
    private readonly string[] _known;
    private readonly FirstNames _first;
    private readonly bool _repeats;

    private ObjectReader(SyntaxNode node, string[] known, SyntaxReader syntax, (string Name, string Help)[]? misplaced)
    {
        _syntax = syntax;
        _node = node;
        _known = known;
        foreach (SyntaxMember member in node.Members)
        {
            int index = member.Name.IndexIn(known);
            if (index < 0)
            {
                syntax.UnknownMember(member.Name, known, misplaced);
                continue;
            }

            ref int first = ref _first[index];
            _repeats |= first != 0;
            first = first == 0 ? member.Name.Index : first;
        }
    }

    /// <summary>Reads an object; false, and reported, if it is none.</summary>
    /// <param name="node">The value.</param>
    /// <param name="known">The names that its members may have, ASCII, at most <see cref="FirstNames.Length"/>.</param>
    /// <param name="syntax">What it is read with.</param>
    /// <param name="reader">The object; one without members if it is none.</param>
    /// <param name="help">What helps where it is no object, or null.</param>
    /// <param name="misplaced">Names, in any case, that are often written here and have a help of their own; null for none.</param>
    public static bool TryRead(
        SyntaxNode node,
        string[] known,
        SyntaxReader syntax,
        out ObjectReader reader,
        string? help = null,
        (string Name, string Help)[]? misplaced = null)
    {
        reader = new ObjectReader(node, known, syntax, misplaced);
        return syntax.Expect(node, JsonKind.Object, help);
    }

    /// <summary>The members of a name: none or one, but where it stands more than once.</summary>
    public NamedMembers Each(string name)
    {
        int first = FirstOf(name);
        if (first == 0)
        {
            return default;
        }

        return new NamedMembers(_node.Tree, name, first, _repeats ? _node.End : new SyntaxNode(_node.Tree, first).End);
    }

    /// <summary>A member; null when it isn't there.</summary>
    public SyntaxMember? FindMember(string name)
    {
        SyntaxMember? found = null;
        if (FirstOf(name) != 0)
        {
            foreach (SyntaxMember member in Each(name))
            {
                found = member;
            }
        }

        return found;
    }

    /// <summary>A member's value; null when it isn't there.</summary>
    public SyntaxNode? Find(string name) => FindMember(name)?.Value;

    /// <summary>A member's value; null, and reported at the object, when it isn't there.</summary>
    public SyntaxNode? Require(string name, string? help = null)
    {
        SyntaxNode? value = Find(name);
        if (value is null)
        {
            _syntax.MissingMember(_node, name, help);
        }

        return value;
    }

    /// <summary>A member's text; null when it isn't there, and, reported, when it is none.</summary>
    public string? ReadText(string name, int min = 0, int max = int.MaxValue)
    {
        string? text = null;
        foreach (SyntaxMember member in Each(name))
        {
            text = _syntax.ReadText(member.Value, min, max);
        }

        return text;
    }

    /// <summary>A member that is one of an enum's names; null, and reported, if it is none.</summary>
    /// <param name="name">The member.</param>
    /// <param name="words">The enum's names.</param>
    /// <param name="absent">What it is when it isn't there.</param>
    public T? ReadWord<T>(string name, WireNameTable<T> words, T absent)
        where T : struct, Enum
    {
        T? value = absent;
        foreach (SyntaxMember member in Each(name))
        {
            value = _syntax.ReadWord(member.Value, words);
        }

        return value;
    }

    /// <summary>The token of the first member of a name; 0 for none.</summary>
    private int FirstOf(string name)
    {
        // A literal is one object wherever it stands: texts are compared only for other names.
        for (int i = 0; i < _known.Length; i++)
        {
            if (ReferenceEquals(_known[i], name))
            {
                return _first[i];
            }
        }

        return _first[Array.IndexOf(_known, name)];
    }

    /// <summary>The token of the first member of each known name; 0 for none, as that is the root's.</summary>
    [InlineArray(Length)]
    private struct FirstNames
    {
        public const int Length = 16;

        private int _token;
    }
}
