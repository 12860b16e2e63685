using PolicyLayer.Json.Values;

namespace PolicyLayer.Documents;

/// <summary>A member of an object.</summary>
internal readonly record struct SyntaxMember(SyntaxNode Name, SyntaxNode Value);

/// <summary>The members of an object in order; none for any other value.</summary>
internal struct SyntaxMembers(SyntaxNode node)
{
    private readonly int _end = node.Kind == JsonKind.Object ? node.End : 0;
    private int _name = node.Index + 1;

    public SyntaxMember Current { get; private set; }

    public readonly SyntaxMembers GetEnumerator() => this;

    public readonly int Count()
    {
        int count = 0;
        for (SyntaxMembers members = this; members.MoveNext();)
        {
            count++;
        }

        return count;
    }

    public bool MoveNext()
    {
        if (_name >= _end)
        {
            return false;
        }

        Current = new SyntaxMember(new SyntaxNode(node.Tree, _name), new SyntaxNode(node.Tree, _name + 1));
        _name = Current.Value.End;
        return true;
    }
}

/// <summary>The elements of an array in order; none for any other value.</summary>
internal struct SyntaxElements(SyntaxNode node)
{
    private readonly int _end = node.Kind == JsonKind.Array ? node.End : 0;
    private int _next = node.Index + 1;

    public SyntaxNode Current { get; private set; }

    public readonly SyntaxElements GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= _end)
        {
            return false;
        }

        Current = new SyntaxNode(node.Tree, _next);
        _next = Current.End;
        return true;
    }
}
