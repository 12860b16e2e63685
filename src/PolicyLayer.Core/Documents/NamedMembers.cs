using PolicyLayer.Json.Values;

namespace PolicyLayer.Documents;

/// <summary>The members of an object that have one name, in order.</summary>
/// <param name="tree">The document.</param>
/// <param name="name">The name.</param>
/// <param name="first">The token of the first one's name; 0 for none, as that is the root's.</param>
/// <param name="end">Where to look no further for others.</param>
internal struct NamedMembers(SyntaxTree tree, string name, int first, int end)
{
    private int _next;

    public SyntaxMember Current { get; private set; }

    public readonly NamedMembers GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next == 0)
        {
            return first != 0 && MoveTo(first);
        }

        while (_next < end)
        {
            if (new SyntaxNode(tree, _next).Match([name]) is not null)
            {
                return MoveTo(_next);
            }

            _next = new SyntaxNode(tree, _next).End;
        }

        return false;
    }

    private bool MoveTo(int member)
    {
        Current = new SyntaxMember(new SyntaxNode(tree, member), new SyntaxNode(tree, member + 1));
        _next = Current.Name.End;
        return true;
    }
}
