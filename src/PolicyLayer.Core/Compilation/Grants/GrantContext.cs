using PolicyLayer.Documents;
using PolicyLayer.Grants;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Compilation.Grants;

/// <summary>What the grants of one file share: how they are read, where findings go, and what no two of them may have.</summary>
/// <param name="findings">Where findings go.</param>
/// <param name="options">How the file is read.</param>
internal sealed class GrantContext(DiagnosticBag findings, GrantLoadOptions options) : SyntaxReader(findings)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _foldedIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _tokens = new(StringComparer.Ordinal);
    private readonly HashSet<string>? _policyNames = options.PolicyNames?.ToHashSet(StringComparer.Ordinal);

    public GrantLoadOptions Options => options;

    /// <summary>Whether a grant may name a policy.</summary>
    public bool HasPolicy(string name) => _policyNames?.Contains(name) ?? true;

    /// <summary>Keeps an id. False when an earlier grant has it.</summary>
    /// <param name="id">The id.</param>
    /// <param name="twin">That of an earlier grant which differs by case only; null when there is none.</param>
    public bool TryAddId(string id, out string? twin)
    {
        bool isNew = _ids.Add(id);
        string folded = NameFolding.Fold(id);
        twin = _foldedIds.GetValueOrDefault(folded);
        _foldedIds.TryAdd(folded, id);
        return isNew;
    }

    /// <summary>Keeps a token's hash. False when an earlier grant has it.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="id">Whose it is; null where that isn't known.</param>
    /// <param name="owner">Whose it was before; null where that isn't known.</param>
    public bool TryAddToken(string hash, string? id, out string? owner)
    {
        owner = _tokens.GetValueOrDefault(hash);
        return _tokens.TryAdd(hash, id);
    }
}
