using PolicyLayer.Json.Values;

namespace PolicyLayer.Documents;

/// <summary>The members of an object that have one name, in order.</summary>
internal struct NamedMembers(SyntaxTree tree, string name, int first, int end)
{
    private int _name = first;

    public SyntaxMember Current { get; private set; }

    public readonly NamedMembers GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_name < end)
        {
            var member = new SyntaxMember(new SyntaxNode(tree, _name), new SyntaxNode(tree, _name + 1));
            _name = member.Value.End;
            if (member.Name.Match([name]) is not null)
            {
                Current = member;
                return true;
            }
        }

        return false;
    }
}
