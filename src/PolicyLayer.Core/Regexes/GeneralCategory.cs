namespace PolicyLayer.Regexes;

/// <summary>The sets that one of Unicode's general categories can stand for in a pattern, each made when it is first asked for.</summary>
internal sealed class GeneralCategory
{
    private readonly Lazy<CodePointSet> _exact;
    private readonly Lazy<CodePointSet> _ignoringCase;
    private readonly Lazy<CodePointSet> _notExact;
    private readonly Lazy<CodePointSet> _notIgnoringCase;

    public GeneralCategory(IEnumerable<(int First, int Last)> members)
    {
        _exact = new(() => CodePointSet.Of(members));
        _ignoringCase = new(() => CodePointSet.Of(CaseFolding.Close(members)));
        _notExact = new(() => _exact.Value.Complement());
        _notIgnoringCase = new(() => _ignoringCase.Value.Complement());
    }

    /// <summary>The category's members, and when case is ignored what equals one; or all but those.</summary>
    public CodePointSet Members(bool ignoreCase, bool negated)
    {
        if (ignoreCase)
        {
            return (negated ? _notIgnoringCase : _ignoringCase).Value;
        }

        return (negated ? _notExact : _exact).Value;
    }
}
