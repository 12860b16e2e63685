using System.Runtime.CompilerServices;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Grants;

namespace PolicyLayer.DecisionTree;

/// <summary>A compiled policy. Judging is a pure function of the call and its time: no clock, no I/O.</summary>
internal sealed class PolicyTree(
    ToolIndex tools, VerdictTable verdicts, TimeZoneInfo zone, bool asksApproval, IReadOnlySet<CountedBy> counters)
{
    public VerdictTable Verdicts => verdicts;

    /// <summary>Whether an entry may ask for the approval of a call.</summary>
    public bool AsksApproval => asksApproval;

    /// <summary>All that its limits and orders count by, each once.</summary>
    public IReadOnlySet<CountedBy> Counters => counters;

    /// <summary>The entry that judges a tool. Its verdict is the answer to a call that says nothing, unless it reads calls.</summary>
    public ToolEntry Find(string toolName) => tools.Find(toolName);

    /// <summary>The entry that judges a call whose tool, grant or session is no Unicode text.</summary>
    public ToolEntry Malformed => tools.Malformed;

    /// <summary>Reads a call, once, and has the tool's entry judge it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="grant">The grant that was found for it; null where the host has none, and the call says what rules may know.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="entry">The tool's entry.</param>
    /// <param name="now">The time, for an entry that reads it; null when the clock failed.</param>
    /// <param name="report">Takes down what was read; null when nobody asks.</param>
    /// <param name="unreadable">Set to what of a host's dictionary can't be judged, also where it throws; else left alone.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Evaluation Evaluate(
        in ToolCall call,
        Grant? grant,
        in ReadingOptions options,
        ToolEntry entry,
        long? now,
        CallReport? report,
        ref UnreadableMember? unreadable)
    {
        CallScratch scratch = CallScratch.Rent(options.MaxWork);
        DecisionCode code = CallReader.ReadArguments(call, options, scratch, ref unreadable, out ReadOnlySpan<byte> arguments);
        report?.AddArguments(call.Arguments, code == DecisionCode.Allowed, arguments, scratch);
        Verdict? refusedInputs = null;
        if (call.HasInputs && code == DecisionCode.Allowed)
        {
            refusedInputs = RefuseInputs(call, options, entry.Risk, scratch, report, ref unreadable);
            code = refusedInputs?.Code ?? DecisionCode.Allowed;
        }

        ReadOnlySpan<byte> context = default;
        if (code == DecisionCode.Allowed && (entry.Paths.ReadsContext || call.HasContext))
        {
            code = CallReader.ReadContext(call, options, scratch, ref unreadable, out context);
        }

        Evaluation evaluation;
        if (code != DecisionCode.Allowed)
        {
            evaluation = new Evaluation(
                refusedInputs ?? Refuse(code, call.Arguments.IsText ? arguments.Length : 0, options, entry.Risk));
        }
        else
        {
            evaluation = entry.ReadsCalls
                ? Judge(call, grant, options, entry, now, scratch, arguments, context, ref unreadable)
                : entry.Unread;
        }

        // INVARIANT: what was judged without the work that it takes means nothing, whichever way it leans.
        bool isSpent = scratch.Work.IsSpent;
        scratch.Return();
        return isSpent ? new Evaluation(verdicts.Get(Excess.Work, options.MaxWork, entry.Risk)) : evaluation;
    }

    /// <summary>The policy's own word for a tool: its name or a pattern; null where it has none.</summary>
    public string? WordFor(string toolName) => tools.WordFor(toolName);

    /// <summary>Whether an entry matches a tool.</summary>
    public bool IsListed(string toolName) => tools.IsListed(toolName);

    /// <summary>Takes down what schema and rules say of a call that can be read and whose tool isn't denied as such.</summary>
    /// <param name="call">The call.</param>
    /// <param name="grant">The grant that was found for it; null where the host has none.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="entry">The tool's entry.</param>
    /// <param name="now">The time at which it was evaluated.</param>
    /// <param name="trace">Where it is taken down.</param>
    /// <returns>What would be said of it if neither schema nor rules stood against it; null where that isn't known.</returns>
    public Evaluation? Explain(
        in ToolCall call, Grant? grant, in ReadingOptions options, ToolEntry entry, long? now, Trace trace)
    {
        CallScratch scratch = CallScratch.Rent(options.MaxWork);
        UnreadableMember? unreadable = null;
        DecisionCode code = CallReader.ReadArguments(call, options, scratch, ref unreadable, out ReadOnlySpan<byte> arguments);
        ReadOnlySpan<byte> context = default;
        if (code == DecisionCode.Allowed && entry.Paths.ReadsContext)
        {
            code = CallReader.ReadContext(call, options, scratch, ref unreadable, out context);
        }

        Evaluation? passing = null;
        if (code == DecisionCode.Allowed
            && ReadMore(call, grant, options, entry, now, scratch, ref unreadable, out ReadOnlySpan<byte> attributes)
                == DecisionCode.Allowed)
        {
            passing = entry.Explain(call, new CallFacts(scratch, entry.Paths, arguments, context, attributes), options, trace);
        }

        scratch.Return();
        return passing;
    }

    /// <summary>Reads what was answered, which nothing is judged by; null where that can be.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Verdict? RefuseInputs(
        in ToolCall call,
        in ReadingOptions options,
        ToolRisk risk,
        CallScratch scratch,
        CallReport? report,
        ref UnreadableMember? unreadable)
    {
        DecisionCode code = CallReader.ReadInputs(call, options, scratch, ref unreadable, out ReadOnlySpan<byte> inputs);
        if (code != DecisionCode.Allowed)
        {
            return verdicts.GetOfInputs(code, risk);
        }

        report?.AddInputs(inputs, scratch);
        return null;
    }

    /// <summary>Why a call isn't judged at all. Only texts have a size; that is looked at first.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Verdict Refuse(DecisionCode code, int bytes, in ReadingOptions options, ToolRisk risk)
    {
        if (code != DecisionCode.ArgumentsTooLarge)
        {
            return verdicts.Get(code, risk);
        }

        return bytes > options.MaxBytes
            ? verdicts.Get(Excess.Size, options.MaxBytes, risk)
            : verdicts.Get(Excess.Depth, options.MaxDepth, risk);
    }

    // Out of line: entries without rules don't pay for the frame that these take.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Evaluation Judge(
        in ToolCall call,
        Grant? grant,
        in ReadingOptions options,
        ToolEntry entry,
        long? now,
        CallScratch scratch,
        ReadOnlySpan<byte> arguments,
        ReadOnlySpan<byte> context,
        ref UnreadableMember? unreadable)
    {
        DecisionCode code = ReadMore(
            call, grant, options, entry, now, scratch, ref unreadable, out ReadOnlySpan<byte> attributes);
        return code == DecisionCode.Allowed
            ? entry.Judge(call, new CallFacts(scratch, entry.Paths, arguments, context, attributes), options)
            : new Evaluation(verdicts.Get(code, entry.Risk));
    }

    /// <summary>Reads what rules may know beside arguments and context.</summary>
    private DecisionCode ReadMore(
        in ToolCall call,
        Grant? grant,
        in ReadingOptions options,
        ToolEntry entry,
        long? now,
        CallScratch scratch,
        scoped ref UnreadableMember? unreadable,
        out ReadOnlySpan<byte> attributes)
    {
        attributes = default;
        DecisionCode code = entry.Paths.ReadsGrant
            ? CallReader.ReadAttributes(grant?.Attributes ?? call.GrantAttributes, options, scratch, ref unreadable, out attributes)
            : DecisionCode.Allowed;
        if (code == DecisionCode.Allowed && entry.Paths.ReadsCall)
        {
            code = MomentReader.ReadCall(call.ToolName, scratch);
        }

        if (code == DecisionCode.Allowed && entry.Paths.ReadsTime)
        {
            code = MomentReader.ReadTime(now, zone, scratch);
        }

        return code;
    }
}
