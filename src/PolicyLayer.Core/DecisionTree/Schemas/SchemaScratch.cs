using System.Runtime.CompilerServices;
using PolicyLayer.Json.Values;
using PolicyLayer.Regexes;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>
/// What judging one value needs: buffers, the work done so far, and the first failure. Reused between calls, not thread-safe.
/// <para>
/// Work is bounded, so that no schema and no value takes long: 100,000 steps, and 16 more for each value and name of the arguments
/// and for each 64 bytes of them. A step is one subschema judging one value, or one keyword reading a name, a value or 64 bytes.
/// Subschemas nest at most 1,000 deep, those that judge the children of a value included.
/// </para>
/// </summary>
internal sealed class SchemaScratch
{
    internal const int BaseSteps = 100_000;
    internal const int StepsPerPart = 16;
    internal const int MaxDepth = 1_000;

    private const int BytesPerStep = 64;
    private const int LookupsPerStep = 16;
    private const int StackProbeMask = 15;

    private readonly SchemaText _text = new();
    private readonly List<SchemaStep> _path = [];
    private SchemaExpectation? _failed;
    private long _steps;
    private long _regexWork = LinearRegex.MaxWork;
    private int _depth;
    private int _quiet;
    private bool _explainsDoubt;

    public EvaluatedMarks Marks { get; } = new();

    public ItemTable Items { get; } = new();

    public SchemaText Text => _text;

    public bool IsExhausted => _steps < 0;

    /// <summary>Whether a failure is recorded, as it isn't where failures are expected.</summary>
    public bool Records => _quiet == 0;

    /// <summary>
    /// Whether a keyword that couldn't be judged counts as one that holds. What then holds as a whole is unjudgeable; what fails
    /// fails all the same.
    /// </summary>
    public bool IsInDoubt { get; set; }

    /// <summary>Why the last value failed; null if it didn't.</summary>
    public SchemaFailure? Failure => _failed is null ? null : SchemaStep.Describe(_failed, _path);

    /// <summary>Gives back what a big value made grow, and forgets the last failure.</summary>
    public void Reset()
    {
        _failed = null;
        _path.Clear();
        _text.Reset();
        LinearRegex.TrimThread(_regexWork);

        Marks.Reset();
        Items.Reset();
    }

    /// <param name="instance">What is judged.</param>
    /// <param name="explainsDoubt">Whether the first keyword that can't be judged is to fail, and to be recorded.</param>
    internal void Begin(JsonValue instance, bool explainsDoubt = false)
    {
        _explainsDoubt = explainsDoubt;
        IsInDoubt = false;
        _failed = null;
        _path.Clear();
        _steps = BaseSteps + (StepsPerPart * ((long)instance.Tape.Count + (instance.Text.Length / BytesPerStep)));
        _regexWork = LinearRegex.MaxWork;
        _depth = 0;
        _quiet = 0;
        Marks.Clear();
    }

    /// <summary>Records that there was too much work, in place of what failed by it; always false.</summary>
    internal bool GiveUp(SchemaExpectation exhausted)
    {
        _failed = exhausted;
        _path.Clear();
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Enter()
    {
        int depth = ++_depth;
        return (--_steps >= 0 && ((depth & StackProbeMask) != 0 || CanNest(depth))) || Exhaust();
    }

    internal void Leave() => _depth--;

    /// <summary>Counts the reading of a name, a string or a number; false when there was too much work.</summary>
    internal bool SpendText(int bytes) => Spend(1 + (bytes / BytesPerStep));

    /// <summary>Whether a regex is found; false, too, when there was too much work.</summary>
    internal bool Finds(LinearRegex regex, JsonString text)
    {
        bool isFound = regex.IsMatch(_text.ToUtf8(text), ref _regexWork);
        return _regexWork >= 0 ? isFound : Exhaust();
    }

    /// <summary>Counts a long division, which reads the divisor for each part of the number, and for each of its own.</summary>
    internal bool SpendDivision(int bytes, int divisorBytes) =>
        Spend((1L + ((bytes + divisorBytes) / BytesPerStep)) * (1 + (divisorBytes / BytesPerStep)));

    /// <summary>Counts the reading of a value and all that is in it, or of a name alone.</summary>
    internal bool SpendReading(JsonValue value) =>
        Spend((value.Kind == JsonKind.Name ? 1 : value.End - value.Index) + (value.Raw.Length / BytesPerStep));

    /// <summary>Counts a look at each child of a value.</summary>
    internal bool SpendLookup(JsonValue value) => Spend(1 + ((value.End - value.Index) / LookupsPerStep));

    /// <summary>From here, failures are expected: they aren't recorded.</summary>
    internal void BeginQuiet() => _quiet++;

    internal void EndQuiet() => _quiet--;

    /// <summary>Records what failed; always false.</summary>
    internal bool Fail(SchemaExpectation expectation)
    {
        if (Records)
        {
            _failed = expectation;
        }

        return false;
    }

    /// <summary>
    /// Notes that a keyword can't be judged for names that differ by case. True, so that what surely fails is looked for; false, and
    /// recorded, where the doubt itself is to be explained.
    /// </summary>
    /// <param name="owner">Where the schema stands that has the keyword.</param>
    /// <param name="keyword">The keyword.</param>
    internal bool Doubt(Place owner, string? keyword)
    {
        if (_explainsDoubt && Records)
        {
            return Fail(
                new SchemaExpectation(owner, keyword, "can't be judged for a name that differs only by case from one that is declared"));
        }

        IsInDoubt = true;
        return true;
    }

    /// <summary>
    /// Whether a child that nothing evaluated only fails because something couldn't be judged; that is noted. Not where the failure
    /// itself is the answer: all that is recorded denies.
    /// </summary>
    internal bool DoubtLeftOver(int marks)
    {
        bool isDoubtful = !Records && Marks.IsInDoubt(marks);
        IsInDoubt |= isDoubtful;
        return isDoubtful;
    }

    /// <summary>Forgets a recorded failure that turned out to be in doubt.</summary>
    internal void Forget()
    {
        if (Records)
        {
            _failed = null;
            _path.Clear();
        }
    }

    /// <summary>Records that the failure lies within a member; always false.</summary>
    /// <param name="name">The name as the schema declares it, null when it doesn't.</param>
    internal bool FailWithin(string? name)
    {
        if (Records)
        {
            _path.Add(new SchemaStep(name, 0));
        }

        return false;
    }

    /// <summary>Records that the failure lies within an element; always false.</summary>
    internal bool FailWithin(int element)
    {
        if (Records)
        {
            _path.Add(new SchemaStep(null, element + 1));
        }

        return false;
    }

    private static bool CanNest(int depth) => depth < MaxDepth && RuntimeHelpers.TryEnsureSufficientExecutionStack();

    private bool Spend(long steps)
    {
        _steps -= steps;
        return _steps >= 0 || Exhaust();
    }

    private bool Exhaust()
    {
        _steps = int.MinValue;
        return false;
    }
}
