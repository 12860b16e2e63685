using System.Runtime.CompilerServices;
using PolicyLayer.Calls;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree;

/// <summary>
/// What a policy says of the tools that one entry matches, or that no entry matches. Those that ask a person are a kind of their own: they
/// are few, and all others would have to hold a reference more.
/// </summary>
/// <param name="verdict">The answer to a call that nothing below stands against.</param>
/// <param name="paths">What the rules and limits read; null for nothing.</param>
/// <param name="arguments">The schema of the arguments, or null.</param>
/// <param name="rules">The rules, or null.</param>
/// <param name="counting">What calls that pass are counted by, or null.</param>
/// <param name="key">The entry's key; null for what judges tools without an entry, or with one that says nothing of its own.</param>
internal class ToolEntry(
    Verdict verdict,
    PathTable? paths = null,
    SchemaNode? arguments = null,
    RuleSet? rules = null,
    CounterPlan? counting = null,
    string? key = null)
{
    /// <summary>What calls ask for which nothing of the entry is read; null for nothing.</summary>
    private readonly Obligations? _fixed = counting is null ? null : new Obligations(counting);

    private Verdict?[]? _refused;

    /// <summary>The entry's key; null for what judges tools without an entry, or with one that says nothing of its own.</summary>
    public string? Key => key;

    /// <summary>An allow, unless something below stands against it; or the denial of every call.</summary>
    public Verdict Verdict => verdict;

    public ToolRisk Risk => verdict.Risk;

    /// <summary>What calls that pass are counted by, or null.</summary>
    public CounterPlan? Counting => _fixed?.Counting;

    /// <summary>What is said of a call that nothing of the entry has to read.</summary>
    public Evaluation Unread => new(verdict, _fixed);

    /// <summary>What the rules and limits read.</summary>
    public PathTable Paths { get; } = paths ?? PathTable.Empty;

    /// <summary>Whether anything depends on what a call says beside its tool.</summary>
    public bool ReadsCalls { get; protected init; } =
        verdict.Code == DecisionCode.Allowed && (arguments is not null || rules is not null || counting is { ReadsCalls: true });

    /// <summary>Whether the verdict is the answer to every call that says nothing.</summary>
    public bool IsUnconditional { get; protected init; } = arguments is null && rules is null && counting is null;

    /// <summary>What can be said of the tools before anybody calls them.</summary>
    public ToolAvailability Availability => verdict.Code switch
    {
        DecisionCode.Allowed => ToolAvailability.Callable,
        DecisionCode.Hidden => ToolAvailability.Hidden,
        _ => ToolAvailability.Never,
    };

    /// <summary>The same entry, counted otherwise.</summary>
    public ToolEntry With(CounterPlan otherCounting, PathTable otherPaths) =>
        Alike(otherPaths, otherCounting, key);

    /// <summary>
    /// The same under another key; for an entry that has no rules of its own and asks for no approval, as those name a key. What has no key
    /// is this one.
    /// </summary>
    public ToolEntry Under(string otherKey) => key is null ? this : Alike(Paths, Counting, otherKey);

    /// <summary>Judges a call that has been read.</summary>
    public Evaluation Judge(in ToolCall call, in CallFacts facts, in ReadingOptions options)
    {
        if (arguments is not null && JudgeArguments(arguments, facts) is { } invalid)
        {
            return new Evaluation(invalid);
        }

        if (rules?.Judge(facts, verdict, key) is { } denial)
        {
            return new Evaluation(denial);
        }

        return this is AskingEntry asking ? asking.Ask(call, facts, options) : Pass(call, facts, options);
    }

    /// <summary>Takes down what schema and rules say of a call that has been read, also behind what stands against it.</summary>
    /// <returns>What would be said of it if nothing of that stood against it; null where that took too much work.</returns>
    public Evaluation? Explain(in ToolCall call, in CallFacts facts, in ReadingOptions options, Trace trace)
    {
        WorkBudget work = facts.Scratch.Work;
        if (arguments is not null && trace.TryBegin(work))
        {
            Verdict? invalid = JudgeArguments(arguments, facts);
            if (trace.TryEnd(work))
            {
                trace.Add(new ExplainedStep
                {
                    Step = DecisionStep.Arguments,
                    Rule = invalid?.Rule ?? ArgumentsPlace.Pointer,
                    Result = invalid is null ? ExplainedResult.True : ExplainedResult.False,
                    Code = invalid?.Code,
                    Why = invalid?.Words,
                });
            }
        }

        rules?.Explain(facts, verdict, key, trace);
        (this as AskingEntry)?.Approvals.Explain(facts, verdict, trace);
        if (!trace.TryBegin(work))
        {
            return null;
        }

        Evaluation passing = Pass(call, facts, options);
        return trace.TryEnd(work) ? passing : null;
    }

    /// <summary>What is said of a call that neither schema nor rule stands against: what it asks of counters.</summary>
    protected Evaluation Pass(in ToolCall call, in CallFacts facts, in ReadingOptions options)
    {
        if (Counting is not { } plan || plan.IsFixedFor(call.SessionId))
        {
            return new Evaluation(verdict, _fixed);
        }

        return Count(plan, new CallInputs(facts, options.Digest, verdict.Policy.Name, call.SessionId));
    }

    /// <summary>The denial that a store's refusal means, naming the first use of a counter that it refused.</summary>
    public Verdict DenyRefused(
        in CounterRequest request, in CounterReservation refusal, CallDemands? demands, out long retryAfterMilliseconds)
    {
        CounterPlan counting = Counting!;
        CounterRefusal refused = counting.FindRefused(request, refusal, demands);
        retryAfterMilliseconds = refused.RetryAfterMilliseconds;
        CounterUse use = counting.UseAt(refused.Use);
        if (refused.LeftMillionths > 0 && use.TooLittleLeft(refused.LeftMillionths) is { } words)
        {
            // What is left varies: such a denial is made for its call, which had an amount made for it too.
            return DenyRefused(use, words, refused.IsOneOfSeveral);
        }

        // Made when it is first needed, and shared by all calls that come after: for each use four, as it may be too small or used up, and
        // alone or not.
        Verdict?[] known = _refused ??= new Verdict?[4 * counting.UseCount];
        int place = (4 * refused.Use) + (refused.NeverFits ? 1 : 0) + (refused.IsOneOfSeveral ? 2 : 0);
        return known[place] ??= DenyRefused(use, refused.NeverFits ? use.NeverFits : use.UsedUp, refused.IsOneOfSeveral);
    }

    /// <summary>The JSON Pointer of a use of a counter, as the entry has it.</summary>
    public string PointerOf(CounterUse use) => use.PlaceIn(key).Pointer;

    /// <summary>The denial for a reason that concerns one counter, naming the first use of it.</summary>
    public Verdict DenyByCounter(DecisionCode code, int counter, CallDemands? demands)
    {
        // A call that only leaves marks when it succeeds asks nothing before.
        CounterPlan counting = Counting!;
        CounterUse use = counting.UseCount == 0 ? counting.Marks!.First : counting.UseAt(counting.FindByCounter(counter, demands));
        return Deny(code, use);
    }

    private Place ArgumentsPlace => PolicyPlaces.Entry(key).Member("arguments");

    private ToolEntry Alike(PathTable otherPaths, CounterPlan? otherCounting, string? otherKey) => this is AskingEntry asking
        ? new AskingEntry(verdict, otherPaths, arguments, rules, otherCounting, otherKey, asking.Approvals.With(otherPaths))
        : new ToolEntry(verdict, otherPaths, arguments, rules, otherCounting, otherKey);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Evaluation Count(CounterPlan counting, in CallInputs inputs)
    {
        DecisionCode code = counting.Prepare(inputs, out CallDemands? demands, out int use);
        if (code == DecisionCode.Allowed)
        {
            return new Evaluation(verdict, new Obligations(counting, demands));
        }

        Verdict denial = DenyUncounted(code, counting.UseAt(use));
        return new Evaluation(denial, demands is null ? null : new Obligations(counting, demands));
    }

    private Verdict DenyUncounted(DecisionCode code, CounterUse use) => Deny(code, use, code switch
    {
        DecisionCode.IncrementInvalid => use.NoAmount,
        DecisionCode.PartitionMissing => use.NoValue,
        DecisionCode.OrderViolated => use.OnDeny is null ? use.NoValue : $"{use.NoValue} {use.OnDeny}",
        _ => null,
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Verdict DenyRefused(CounterUse use, string message, bool isOneOfSeveral)
    {
        // The wait is the longest of all: it mustn't seem to be this one's.
        string words = isOneOfSeveral ? message + " More of the policy's limits or orders stand against the call." : message;
        return Deny(use.RefusedCode, use, use.OnDeny ?? words, tellsWait: use.TellsWait);
    }

    private Verdict Deny(DecisionCode code, CounterUse use, string? message = null, bool tellsWait = false) =>
        Verdict.Deny(code, verdict.Policy, verdict.Risk, use.PlaceIn(key), message, tellsWait: tellsWait);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Verdict? JudgeArguments(SchemaNode schema, in CallFacts facts)
    {
        SchemaScratch scratch = facts.Scratch.Schemas;
        Verdict? denial = null;
        if (!schema.Validate(facts.Arguments, scratch))
        {
            SchemaFailure? failure = scratch.Failure;
            Place place = failure?.Place.Within(ArgumentsPlace) ?? ArgumentsPlace;
            denial = Verdict.Deny(DecisionCode.ArgumentsInvalid, verdict.Policy, verdict.Risk, place, failure?.Message);
        }

        scratch.Reset();
        return denial;
    }
}
