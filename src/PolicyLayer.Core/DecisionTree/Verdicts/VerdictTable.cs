using System.Collections.Concurrent;
using System.Globalization;

namespace PolicyLayer.DecisionTree.Verdicts;

/// <summary>
/// The verdicts that depend on nothing but the code, the tool's risk and a bound of the host's, built when first needed and then shared.
/// </summary>
internal sealed class VerdictTable(PolicyIdentity policy)
{
    // Few are ever made, so it starts small: codes have numbers with gaps, and most belong to a rule with a verdict of its own.
    private readonly ConcurrentDictionary<Key, Verdict> _verdicts = new(concurrencyLevel: 1, capacity: 7);

    public PolicyIdentity Policy => policy;

    public Verdict Get(DecisionCode code, ToolRisk risk = ToolRisk.Unspecified) => Get(new Key(code, risk, Excess.None, 0));

    /// <summary>The denial of a call that exceeds a bound.</summary>
    /// <param name="excess">Which bound.</param>
    /// <param name="bound">The bound, which the host sets: one policy may have several hosts.</param>
    /// <param name="risk">The tool's risk.</param>
    public Verdict Get(Excess excess, long bound, ToolRisk risk) => Get(new Key(DecisionCode.ArgumentsTooLarge, risk, excess, bound));

    /// <summary>The denial of a call that brings answers which can't be read.</summary>
    /// <param name="code">Why.</param>
    /// <param name="risk">The tool's risk.</param>
    public Verdict GetOfInputs(DecisionCode code, ToolRisk risk) => Get(new Key(code, risk, Excess.Inputs, 0));

    private Verdict Get(in Key key) => _verdicts.GetOrAdd(key, static (key, policy) => Create(key, policy), policy);

    private static Verdict Create(in Key key, PolicyIdentity policy) => key.Code == DecisionCode.Allowed
        ? Verdict.Allow(policy, key.Risk)
        : Verdict.Deny(key.Code, policy, key.Risk, message: Describe(key.Excess, key.Bound));

    private static string? Describe(Excess excess, long bound) => excess switch
    {
        Excess.Size => string.Create(CultureInfo.InvariantCulture, $"The arguments have more than {bound} bytes."),
        Excess.Depth => string.Create(CultureInfo.InvariantCulture, $"The arguments are nested deeper than {bound} levels."),
        Excess.Work => string.Create(CultureInfo.InvariantCulture, $"The call takes more than {bound} steps to judge: say less at once."),
        Excess.Inputs => "The answers that the call brings are too large or nested too deep, "
            + "or not one well-formed JSON object with distinct names.",
        _ => null,
    };

    private readonly record struct Key(DecisionCode Code, ToolRisk Risk, Excess Excess, long Bound);
}
