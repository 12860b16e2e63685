namespace PolicyLayer.DecisionTree.Rules;

/// <summary>
/// The conditions that stand against a call: one, or one of each list of <c>any</c>. A few fields in place of a list, so that equal ones
/// share a verdict without an allocation.
/// </summary>
/// <param name="First">The first; a default one where it took too much work to look.</param>
/// <param name="Second">Another, or a default one; so for those after it.</param>
/// <param name="Third">A third.</param>
/// <param name="Fourth">A fourth.</param>
/// <param name="HasMore">Whether there are others that aren't told.</param>
/// <param name="Alternative">Of a rule that may not hold: the list of <c>any</c> that decided, or null.</param>
internal readonly record struct Causes(
    Cause First, Cause Second = default, Cause Third = default, Cause Fourth = default, bool HasMore = false,
    RuleAlternative? Alternative = null)
{
    public bool IsEmpty => First.Condition is null;

    public IEnumerable<Cause> All => new[] { First, Second, Third, Fourth }.Where(cause => cause.Condition is not null);

    /// <summary>With one more, unless it says what another one does.</summary>
    public Causes With(in Cause cause)
    {
        if (Say(First, cause) || Say(Second, cause) || Say(Third, cause) || Say(Fourth, cause))
        {
            return this;
        }

        if (First.Condition is null)
        {
            return this with { First = cause };
        }

        if (Second.Condition is null)
        {
            return this with { Second = cause };
        }

        if (Third.Condition is null)
        {
            return this with { Third = cause };
        }

        return Fourth.Condition is null ? this with { Fourth = cause } : this with { HasMore = true };
    }

    private static bool Say(in Cause told, in Cause cause) =>
        told.Condition is not null && told.Kind == cause.Kind && told.Words == cause.Words && told.Condition.NamesTheSame(cause.Condition);
}
