using System.Numerics;
using System.Runtime.CompilerServices;
using PolicyLayer.Calls;
using PolicyLayer.Json.Values;
using PolicyLayer.Regexes;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>
/// What judging one value needs: buffers, what it may cost, and the first failure. Reused between calls, not thread-safe.
/// <para>
/// Subschemas nest at most 1,000 deep, those that judge the children of a value included: what nests deeper counts as too much work.
/// </para>
/// </summary>
/// <param name="work">The call's own.</param>
internal sealed class SchemaScratch(WorkBudget work)
{
    internal const int MaxDepth = 1_000;

    // A division reads the divisor for each part of so many digits.
    private const int DivisionBytes = 16;
    private const int WordBytes = 18;
    private const int BitsPerDigit = 4;
    private const int StackProbeMask = 15;

    private readonly SchemaText _text = new();
    private readonly List<SchemaStep> _path = [];
    private SchemaExpectation? _failed;
    private int _depth;
    private int _quiet;
    private bool _explainsDoubt;

    public EvaluatedMarks Marks { get; } = new();

    public ItemTable Items { get; } = new();

    public SchemaText Text => _text;

    public WorkBudget Work => work;

    /// <summary>Whether there was too much work: then no answer means anything.</summary>
    public bool IsExhausted => work.IsSpent;

    /// <summary>Whether a failure is recorded, as it isn't where failures are expected.</summary>
    public bool Records => _quiet == 0;

    /// <summary>
    /// Whether a keyword that couldn't be judged counts as one that holds. What then holds as a whole is unjudgeable; what fails
    /// fails all the same.
    /// </summary>
    public bool IsInDoubt { get; set; }

    /// <summary>Whether the first keyword that can't be judged is to fail, here.</summary>
    public bool ExplainsDoubt => _explainsDoubt && Records;

    /// <summary>Why the last value failed; null if it didn't.</summary>
    public SchemaFailure? Failure => _failed is null ? null : SchemaStep.Describe(_failed, _path);

    /// <summary>Gives back what a big value made grow, and forgets the last failure.</summary>
    public void Reset()
    {
        _failed = null;
        _path.Clear();
        _text.Reset();
        Marks.Reset();
        Items.Reset();
    }

    /// <param name="explainsDoubt">Whether the first keyword that can't be judged is to fail, and to be recorded.</param>
    internal void Begin(bool explainsDoubt = false)
    {
        _explainsDoubt = explainsDoubt;
        IsInDoubt = false;
        _failed = null;
        _path.Clear();
        _depth = 0;
        _quiet = 0;
        Marks.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Enter()
    {
        int depth = ++_depth;
        return work.TrySpend(StepCosts.Subschema) && ((depth & StackProbeMask) != 0 || CanNest(depth) || Exhaust());
    }

    internal void Leave() => _depth--;

    /// <summary>Counts the reading of a name, a string or a number; false when there was too much work.</summary>
    internal bool SpendText(long bytes) => work.TrySpend(StepCosts.Comparison + bytes);

    /// <summary>Counts the reading of one or two numbers of so many bytes together; false when there was too much work.</summary>
    internal bool SpendNumbers(int numbers, int bytes) =>
        work.TrySpend(StepCosts.Comparison + ((long)StepCosts.Number * numbers) + bytes);

    /// <summary>Counts what is asked of a number's range, or of its nearest double; false when there were too few steps left.</summary>
    internal bool SpendDouble(in JsonNumber number) => work.TrySpend(JsonNumberComparison.CostOfDouble(number));

    /// <summary>Whether a regex is found; false, too, when there was too much work.</summary>
    internal bool Finds(LinearRegex regex, JsonString text) =>
        work.TrySpend(StepCosts.Regex + text.CostOfDecoding) && regex.IsMatch(_text.ToUtf8(text), ref work.Left);

    /// <summary>
    /// Counts a division. A long one reads the divisor for each part of the number, and squares it for each bit of a power.
    /// </summary>
    internal bool SpendDivision(int bytes, int divisorBytes)
    {
        long steps = StepCosts.Division + (2 * StepCosts.Number) + (2L * bytes) + divisorBytes;
        if (divisorBytes > WordBytes)
        {
            long words = 1 + (divisorBytes / DivisionBytes);
            long groups = 1 + (((long)bytes + divisorBytes) / DivisionBytes);
            long squares = 1 + BitOperations.Log2((uint)divisorBytes * BitsPerDigit);
            steps += (groups * (StepCosts.LongDivision + (6 * words))) + (squares * (StepCosts.LongDivision + (2 * words * words)));
        }

        return work.TrySpend(steps);
    }

    /// <summary>Counts the hashing of a value and all that is in it, or of a name alone.</summary>
    internal bool SpendHash(JsonValue value) =>
        work.TrySpend(value.Kind == JsonKind.Name ? StepCosts.Hash + value.Raw.Length : JsonHash.CostOf(value));

    /// <summary>Counts places in a table of hashes, which is larger than a cache where they are many.</summary>
    internal bool SpendSlots(int count) => work.TrySpend((long)StepCosts.Hash * count);

    /// <summary>Counts a value's children, as well as the steps of that.</summary>
    internal int CountChildren(JsonValue value)
    {
        int count = value.CountChildren();
        work.Left -= StepCosts.Comparison + ((long)StepCosts.Child * count);
        return count;
    }

    /// <summary>Counts the copying of a frame of marks.</summary>
    internal bool SpendMarks(int marks) => work.TrySpend(StepCosts.Comparison + Marks.WordsOf(marks));

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
    /// <param name="meant">The declared name from which another differs, where that is to be explained.</param>
    internal bool Doubt(Place owner, string? keyword, string? meant = null)
    {
        if (ExplainsDoubt)
        {
            string declared = meant is null ? "one that is declared" : Quoted.Of(meant);
            return Fail(new SchemaExpectation(owner, keyword, $"can't be judged for a name that differs only by case from {declared}"));
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

    /// <summary>Adds to the recorded failure of a name that isn't declared which one it differs from only by case.</summary>
    internal void AddMeant(string name) => _failed = _failed is ClosedObjectExpectation closed ? closed with { Meant = name } : _failed;

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

    private bool Exhaust()
    {
        work.SpendAll();
        return false;
    }
}
