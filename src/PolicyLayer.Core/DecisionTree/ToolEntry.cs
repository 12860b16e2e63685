using System.Runtime.CompilerServices;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Limits;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree;

/// <summary>What a policy says of the tools that one entry matches, or that no entry matches.</summary>
/// <param name="verdict">The answer to a call that nothing below stands against.</param>
/// <param name="paths">What the rules and limits read; null for nothing.</param>
/// <param name="arguments">The schema of the arguments, or null.</param>
/// <param name="rules">The rules, or null.</param>
/// <param name="limits">What calls that pass are counted by, or null.</param>
/// <param name="key">The entry's key; null for what judges tools without an entry.</param>
internal sealed class ToolEntry(
    Verdict verdict,
    PathTable? paths = null,
    SchemaNode? arguments = null,
    RuleSet? rules = null,
    LimitPlan? limits = null,
    string? key = null)
{
    private Verdict?[]? _exceeded;

    /// <summary>The entry's key; null for what judges tools without an entry.</summary>
    public string? Key => key;

    /// <summary>An allow, unless something below stands against it; or the denial of every call.</summary>
    public Verdict Verdict => verdict;

    public ToolRisk Risk => verdict.Risk;

    /// <summary>What calls that pass are counted by, or null.</summary>
    public LimitPlan? Limits => limits;

    /// <summary>What is said of a call that nothing of the entry has to read.</summary>
    public Evaluation Unread => new(verdict, limits);

    /// <summary>What the rules and limits read.</summary>
    public PathTable Paths { get; } = paths ?? PathTable.Empty;

    /// <summary>Whether anything depends on what a call says beside its tool.</summary>
    public bool ReadsCalls { get; } =
        verdict.Code == DecisionCode.Allowed && (arguments is not null || rules is not null || limits is { ReadsCalls: true });

    /// <summary>Whether the verdict is the answer to every call that says nothing.</summary>
    public bool IsUnconditional { get; } = arguments is null && rules is null && limits is null;

    /// <summary>What can be said of the tools before anybody calls them.</summary>
    public ToolAvailability Availability => verdict.Code switch
    {
        DecisionCode.Allowed => ToolAvailability.Callable,
        DecisionCode.Hidden => ToolAvailability.Hidden,
        _ => ToolAvailability.Never,
    };

    /// <summary>
    /// The same under another key; for an entry without rules of its own, as the denials of those name a key. What has no key is this one.
    /// </summary>
    public ToolEntry Under(string otherKey) => key is null ? this : new ToolEntry(verdict, Paths, arguments, rules, limits, otherKey);

    /// <summary>Judges a call that has been read.</summary>
    public Evaluation Judge(in ToolCall call, in CallFacts facts)
    {
        if (arguments is not null && JudgeArguments(arguments, facts) is { } invalid)
        {
            return new Evaluation(invalid);
        }

        if (rules?.Judge(facts, verdict, key) is { } denial)
        {
            return new Evaluation(denial);
        }

        if (limits is null)
        {
            return new Evaluation(verdict);
        }

        DecisionCode code = limits.Prepare(call, facts, out long[]? amounts, out int limit);
        return code == DecisionCode.Allowed
            ? new Evaluation(verdict, limits, amounts)
            : new Evaluation(DenyUncounted(code, limits.Limits[limit]));
    }

    /// <summary>The denial that a store's refusal means, naming the first limit that it refused.</summary>
    public Verdict DenyExceeded(in CounterRequest request, in CounterReservation refusal, out long retryAfterMilliseconds)
    {
        LimitRefusal refused = limits!.FindExceeded(request, refusal);
        retryAfterMilliseconds = refused.RetryAfterMilliseconds;
        if (refused.LeftMillionths > 0)
        {
            return DenyForLittleLeft(limits.Limits[refused.Limit], refused.LeftMillionths);
        }

        // Made when it is first needed, and shared by all calls that come after: for each limit two, as it may be too small or used up.
        Verdict?[] exceeded = _exceeded ??= new Verdict?[2 * limits.Limits.Length];
        int place = (2 * refused.Limit) + (refused.NeverFits ? 1 : 0);
        return exceeded[place] ?? DenyExceeded(exceeded, place, refused);
    }

    /// <summary>The denial for a reason that concerns one counter, naming the first limit that uses it.</summary>
    public Verdict DenyByCounter(DecisionCode code, int counter)
    {
        int limit = limits!.FindByCounter(counter);
        return DenyByLimit(code, limits.Limits[limit]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Verdict DenyUncounted(DecisionCode code, LimitNode limit) =>
        DenyByLimit(code, limit, code == DecisionCode.IncrementInvalid ? limit.NoAmount : null);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Verdict DenyExceeded(Verdict?[] exceeded, int place, LimitRefusal refused)
    {
        LimitNode limit = limits!.Limits[refused.Limit];
        return exceeded[place] = DenyExceeded(limit, limit.OnDeny ?? (refused.NeverFits ? limit.NeverFits : limit.UsedUp));
    }

    /// <summary>What is left varies: such a denial is made for its call, which had an amount made for it too.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Verdict DenyForLittleLeft(LimitNode limit, long left) =>
        DenyExceeded(limit, limit.OnDeny ?? limit.TooLittleLeft(left));

    private Verdict DenyExceeded(LimitNode limit, string message) =>
        DenyByLimit(DecisionCode.LimitExceeded, limit, message, tellsWait: limit.OnDeny is null);

    private Verdict DenyByLimit(DecisionCode code, LimitNode limit, string? message = null, bool tellsWait = false) => Verdict.Deny(
        code, verdict.Policy, verdict.Risk, PolicyPlaces.Limit(limit.Place, key), message, tellsWait: tellsWait);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Verdict? JudgeArguments(SchemaNode schema, in CallFacts facts)
    {
        SchemaScratch scratch = facts.Scratch.Schemas;
        Verdict? denial = null;
        if (!schema.Validate(facts.Arguments, scratch))
        {
            SchemaFailure? failure = scratch.Failure;
            Place place = PolicyPlaces.Entry(key).Member("arguments");
            denial = Verdict.Deny(
                DecisionCode.ArgumentsInvalid, verdict.Policy, verdict.Risk, failure?.Place.Within(place) ?? place, failure?.Message);
        }

        scratch.Reset();
        return denial;
    }
}
