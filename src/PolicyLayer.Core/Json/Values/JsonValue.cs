using System.Runtime.CompilerServices;
using PolicyLayer.Calls;

namespace PolicyLayer.Json.Values;

/// <summary>A value of an accepted text, read in place. The default is no value at all: kind <see cref="JsonKind.None"/>.</summary>
internal readonly ref struct JsonValue
{
    /// <summary>No token: there is no such member.</summary>
    public const int NoMember = -1;

    /// <summary>No token: a member's name differs from the one that was asked for, but only by case.</summary>
    public const int CaseVariant = -2;

    private readonly ReadOnlySpan<byte> _text;
    private readonly JsonTape? _tape;

    public JsonValue(ReadOnlySpan<byte> text, JsonTape tape, int index = 0)
    {
        _text = text;
        _tape = tape;
        Index = index;
    }

    /// <summary>Position of the value's token on the tape.</summary>
    public int Index { get; }

    public JsonKind Kind => KindAt(Index);

    /// <summary>The whole text that the value is part of.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>The value as written, with a string's quotes.</summary>
    public ReadOnlySpan<byte> Raw
    {
        get
        {
            JsonToken token = Token;
            return token.Kind == JsonKind.String
                ? _text.Slice(token.Start - 1, token.Length + 2)
                : _text.Slice(token.Start, token.Length);
        }
    }

    /// <summary>The string; only for kind string.</summary>
    public JsonString String => new(_text, Token);

    /// <summary>The number; only for kind number.</summary>
    public JsonNumber Number => new(Raw);

    /// <summary>The value after this one's tokens begins here.</summary>
    internal int End => Token.End;

    internal JsonTape Tape => _tape!;

    private ref readonly JsonToken Token => ref _tape![Index];

    public bool StringEquals(ReadOnlySpan<byte> decodedUtf8) => String.Equals(decodedUtf8);

    /// <summary>The token of a member's value, found by the decoded name; −1, too, when this is no object. Linear in the members.</summary>
    public int FindProperty(ReadOnlySpan<byte> decodedUtf8Name, WorkBudget work)
    {
        if (Kind != JsonKind.Object)
        {
            return -1;
        }

        long cost = 0;
        ReadOnlySpan<JsonToken> tokens = _tape!.Tokens;
        int end = tokens[Index].End;
        for (int name = Index + 1; name < end; name = tokens[name].End)
        {
            ref readonly JsonToken token = ref tokens[name];
            cost += StepCosts.Child;
            if (!token.HasEscapes && token.Length != decodedUtf8Name.Length)
            {
                continue;
            }

            var found = new JsonString(_text, token);
            cost += StepCosts.Comparison + found.CostOfEquals(decodedUtf8Name.Length);
            if (found.Equals(decodedUtf8Name))
            {
                work.Left -= cost;
                return name + 1;
            }
        }

        work.Left -= cost;
        return -1;
    }

    /// <summary>
    /// The token of a member's value by a policy's name. All names are looked at: one that differs from it only by case, beside it or
    /// in its place, is <see cref="CaseVariant"/>. Else <see cref="NoMember"/>, when this is no object too. Linear in the members.
    /// </summary>
    public int FindMember(MemberName memberName, WorkBudget work) =>
        Kind == JsonKind.Object ? FindMember(_text, _tape!.Tokens, Index, memberName, work) : NoMember;

    /// <summary>The same for an object given by its token: values are copied no further than they must be.</summary>
    // Out of line: frames are cleared on every call, and grow with what is inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int FindMember(
        ReadOnlySpan<byte> text, ReadOnlySpan<JsonToken> tokens, int parent, MemberName memberName, WorkBudget work)
    {
        int found = NoMember;
        long cost = 0;
        int end = tokens[parent].End;
        for (int name = parent + 1; name < end; name = tokens[name].End)
        {
            cost += StepCosts.Child;
            var met = new JsonString(text, tokens[name]);
            if (!memberName.MayMatch(met, ref cost))
            {
                continue;
            }

            NameMatch match = memberName.MatchNear(met, out int near);
            cost += near;
            if (match == NameMatch.CaseVariant)
            {
                found = CaseVariant;
                break;
            }

            if (match == NameMatch.Exact)
            {
                found = name + 1;
            }
        }

        work.Left -= cost;
        return found;
    }

    /// <summary>Finds a member of an object by its decoded name; false, too, when this is no object. Linear in the members.</summary>
    public bool TryGetProperty(ReadOnlySpan<byte> decodedUtf8Name, WorkBudget work, out JsonValue value)
    {
        int token = FindProperty(decodedUtf8Name, work);
        value = token < 0 ? default : At(token);
        return token >= 0;
    }

    /// <summary>Finds a member by a name that may hold escapes itself.</summary>
    public bool TryGetProperty(JsonString name, WorkBudget work, out JsonValue value)
    {
        if (!name.HasEscapes)
        {
            return TryGetProperty(name.Raw, work, out value);
        }

        foreach (Property property in EnumerateProperties())
        {
            work.Left -= StepCosts.Comparison + property.Name.CostOfEquals(name);
            if (property.Name.Equals(name))
            {
                value = property.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The token of an element of an array; −1, too, when this is no array. Linear in the position.</summary>
    public int FindElement(int position, WorkBudget work)
    {
        if (position >= 0)
        {
            foreach (JsonValue element in EnumerateElements())
            {
                work.Left -= StepCosts.Child;
                if (position-- == 0)
                {
                    return element.Index;
                }
            }
        }

        return -1;
    }

    /// <summary>Counts an object's members or an array's elements, linearly and no further than to a limit; 0 for other kinds.</summary>
    public int CountChildren(int limit = int.MaxValue)
    {
        int count = 0;
        if (Kind is JsonKind.Object or JsonKind.Array)
        {
            // A name's end is its value's, so that each step is a member too.
            ReadOnlySpan<JsonToken> tokens = _tape!.Tokens;
            for (int child = Index + 1; child < tokens[Index].End && count < limit; child = tokens[child].End)
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>The members of an object in their order; none for other kinds.</summary>
    public PropertyEnumerator EnumerateProperties() => new(this);

    /// <summary>The elements of an array; none for other kinds.</summary>
    public ElementEnumerator EnumerateElements() => new(this);

    internal JsonValue At(int index) => new(_text, _tape!, index);

    /// <summary>The kind of another token of the same text.</summary>
    internal JsonKind KindAt(int index) => _tape is null ? JsonKind.None : _tape[index].Kind;

    public readonly ref struct Property
    {
        private readonly JsonValue _parent;
        private readonly int _name;

        internal Property(JsonValue parent, int name)
        {
            _parent = parent;
            _name = name;
        }

        public JsonString Name => new(_parent._text, _parent._tape![_name]);

        public JsonValue Value => _parent.At(_name + 1);
    }

    public ref struct PropertyEnumerator
    {
        private readonly JsonValue _parent;
        private readonly int _end;
        private int _name;

        internal PropertyEnumerator(JsonValue parent)
        {
            _parent = parent;
            _end = parent.Kind == JsonKind.Object ? parent.End : 0;
        }

        public readonly Property Current => new(_parent, _name);

        public readonly PropertyEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            _name = _name == 0 ? _parent.Index + 1 : _parent._tape![_name].End;
            return _name < _end;
        }
    }

    public ref struct ElementEnumerator
    {
        private readonly JsonValue _parent;
        private readonly int _end;
        private int _element;

        internal ElementEnumerator(JsonValue parent)
        {
            _parent = parent;
            _end = parent.Kind == JsonKind.Array ? parent.End : 0;
        }

        public readonly JsonValue Current => _parent.At(_element);

        public readonly ElementEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            _element = _element == 0 ? _parent.Index + 1 : _parent._tape![_element].End;
            return _element < _end;
        }
    }
}
