using PolicyLayer.DecisionTree.Schemas;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>The names that one schema declares, gathered from its keywords.</summary>
internal sealed class DeclaredMembers
{
    private readonly Dictionary<string, DeclaredMember> _members = [];

    public int Count => _members.Count;

    public void Add(string name, DeclaringKeywords keyword, SchemaNode? schema = null, SchemaExpectation? missing = null)
    {
        DeclaredMember? known = _members.GetValueOrDefault(name);
        _members[name] = new DeclaredMember(
            name, (known?.Keywords ?? DeclaringKeywords.None) | keyword, known?.Schema ?? schema, known?.Missing ?? missing);
    }

    public DeclaredMember[] ToArray() => [.. _members.Values];
}
