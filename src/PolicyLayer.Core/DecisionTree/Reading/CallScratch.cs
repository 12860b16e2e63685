using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Grammars;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Values;
using PolicyLayer.Regexes;

namespace PolicyLayer.DecisionTree.Reading;

/// <summary>What judging a call needs to remember while it lasts. A thread keeps one for the next call.</summary>
internal sealed class CallScratch
{
    private const int KeptCharacters = 64 * 1024;

    [ThreadStatic]
    private static CallScratch? _kept;

    private char[] _characters = new char[256];
    private byte[] _bytes = new byte[256];
    private byte[] _operand = [];
    private int[] _places = new int[16];

    private JsonTape? _inputs;
    private JsonTape? _context;
    private JsonTape? _grant;
    private Utf8Buffer? _argumentsText;
    private Utf8Buffer? _inputsText;
    private Utf8Buffer? _contextText;
    private Utf8Buffer? _grantText;
    private TextList? _words;
    private TextList? _patterns;
    private JsonTape? _call;
    private Utf8Buffer? _callText;
    private JsonTape? _time;
    private Utf8Buffer? _timeText;
    private Utf8Buffer? _canonical;
    private FirstNames? _names;
    private bool _isRented;

    /// <summary>Whether a call used more than most do, and left something to give back.</summary>
    private bool _usedMore;

    public CallScratch() => Schemas = new SchemaScratch(Work);

    /// <summary>What judging the call may still cost.</summary>
    public WorkBudget Work { get; } = new();

    public JsonTape Arguments { get; } = new();

    public JsonTape Inputs => UsedMore(_inputs ??= new JsonTape());

    public JsonTape Context => UsedMore(_context ??= new JsonTape());

    public JsonTape Grant => UsedMore(_grant ??= new JsonTape());

    public JsonTape Call => UsedMore(_call ??= new JsonTape());

    public JsonTape Time => UsedMore(_time ??= new JsonTape());

    public SchemaScratch Schemas { get; }

    public Utf8Buffer ArgumentsText => UsedMore(_argumentsText ??= new Utf8Buffer());

    public Utf8Buffer InputsText => UsedMore(_inputsText ??= new Utf8Buffer());

    public Utf8Buffer ContextText => UsedMore(_contextText ??= new Utf8Buffer());

    public FirstNames Names => _names ??= new FirstNames();

    public Utf8Buffer GrantText => UsedMore(_grantText ??= new Utf8Buffer());

    /// <summary>The words of an array, for an operator that reads them.</summary>
    public TextList Words => UsedMore(_words ??= new TextList());

    /// <summary>Patterns that the call itself gives.</summary>
    public TextList Patterns => UsedMore(_patterns ??= new TextList());

    public Utf8Buffer CallText => UsedMore(_callText ??= new Utf8Buffer());

    public Utf8Buffer TimeText => UsedMore(_timeText ??= new Utf8Buffer());

    /// <summary>Values in canonical form, on the way to their digest.</summary>
    public Utf8Buffer Canonical => UsedMore(_canonical ??= new Utf8Buffer());

    /// <summary>
    /// The thread's scratch; another one when that is in use, by a host that judges a call while one is judged, or after a fault.
    /// </summary>
    public static CallScratch Rent(long maxWork)
    {
        CallScratch? scratch = _kept;
        if (scratch is null || scratch._isRented)
        {
            _kept = scratch = new CallScratch();
        }

        scratch._isRented = true;
        scratch.Work.Begin(maxWork);
        return scratch;
    }

    /// <summary>Leaves the scratch for the thread's next call, without what a big one made grow.</summary>
    public void Return()
    {
        Arguments.Reset();
        LinearRegex.TrimThread(Work.Spent);

        if (_usedMore)
        {
            ResetMore();
        }

        _isRented = false;
    }

    /// <summary>Zeroed places for the results of an entry's paths.</summary>
    public Span<int> Places(int count)
    {
        if (_places.Length < count)
        {
            _places = new int[count];
        }

        // Most entries read a place or two, for which a call to clear them is too much.
        Span<int> places = _places.AsSpan(0, count);
        foreach (ref int place in places)
        {
            place = 0;
        }

        return places;
    }

    /// <summary>A string decoded to UTF-16, until the next one.</summary>
    public ReadOnlySpan<char> Utf16(JsonString text)
    {
        if (_characters.Length < text.MaxDecodedLength)
        {
            _usedMore = true;
            _characters = new char[text.MaxDecodedLength];
        }

        return _characters.AsSpan(0, text.Decode(_characters));
    }

    /// <summary>A string decoded to UTF-8, until the next one.</summary>
    public ReadOnlySpan<byte> Utf8(JsonString text) => text.HasEscapes ? Decode(text, ref _bytes) : text.Raw;

    /// <summary>A string that is looked for in another one, decoded to UTF-8, until the next such one.</summary>
    public ReadOnlySpan<byte> OperandUtf8(JsonString text) => text.HasEscapes ? Decode(text, ref _operand) : text.Raw;

    private ReadOnlySpan<byte> Decode(JsonString text, ref byte[] bytes)
    {
        if (bytes.Length < text.MaxDecodedLength)
        {
            _usedMore = true;
            bytes = new byte[text.MaxDecodedLength];
        }

        return bytes.AsSpan(0, text.Decode(bytes));
    }

    private T UsedMore<T>(T part)
    {
        _usedMore = true;
        return part;
    }

    private void ResetMore()
    {
        _inputs?.Reset();
        _context?.Reset();
        _grant?.Reset();
        _argumentsText?.Reset();
        _inputsText?.Reset();
        _contextText?.Reset();
        _grantText?.Reset();
        _words?.Reset();
        _patterns?.Reset();
        _call?.Reset();
        _callText?.Reset();
        _time?.Reset();
        _timeText?.Reset();
        _canonical?.Reset();
        _characters = _characters.Length > KeptCharacters ? new char[256] : _characters;
        _bytes = _bytes.Length > KeptCharacters ? new byte[256] : _bytes;
        _operand = _operand.Length > KeptCharacters ? [] : _operand;
        _usedMore = false;
    }
}
