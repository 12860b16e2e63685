using System.Globalization;
using PolicyLayer.Documents;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Schemas;

/// <summary>
/// Follows JSON Pointers. The children of each object and array that one leads through are read once, so that many pointers take the
/// time of their own texts.
/// </summary>
internal sealed class PointerIndex(SyntaxNode root)
{
    private readonly Dictionary<int, Dictionary<string, SyntaxNode>> _members = [];
    private readonly Dictionary<int, List<SyntaxNode>> _elements = [];

    /// <summary>The value that a pointer leads to from the root; null when it leads nowhere.</summary>
    public SyntaxNode? Find(string pointer)
    {
        if (pointer.Length == 0)
        {
            return root;
        }

        SyntaxNode? current = pointer[0] == '/' ? root : null;
        foreach (Range step in pointer.AsSpan(1).Split('/'))
        {
            if (current is not { } node)
            {
                break;
            }

            current = Step(node, pointer.AsSpan(1)[step]);
        }

        return current;
    }

    private SyntaxNode? Step(SyntaxNode node, ReadOnlySpan<char> step) => node.Kind switch
    {
        JsonKind.Object => StepIntoObject(node, step),
        JsonKind.Array => StepIntoArray(node, step),
        _ => null,
    };

    private SyntaxNode? StepIntoObject(SyntaxNode node, ReadOnlySpan<char> step) =>
        JsonPointer.Unescape(step) is { } name && MembersOf(node).TryGetValue(name, out SyntaxNode member) ? member : null;

    /// <summary>An index has one spelling.</summary>
    private SyntaxNode? StepIntoArray(SyntaxNode node, ReadOnlySpan<char> step)
    {
        bool isIndex = !step.ContainsAnyExceptInRange('0', '9') && (step is "0" || !step.StartsWith('0'));
        if (!isIndex || !int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return null;
        }

        List<SyntaxNode> elements = ElementsOf(node);
        return index < elements.Count ? elements[index] : null;
    }

    private Dictionary<string, SyntaxNode> MembersOf(SyntaxNode node)
    {
        if (!_members.TryGetValue(node.Index, out Dictionary<string, SyntaxNode>? members))
        {
            _members.Add(node.Index, members = new Dictionary<string, SyntaxNode>(StringComparer.Ordinal));
            foreach (SyntaxMember member in node.Members)
            {
                members.TryAdd(member.Name.GetString(), member.Value);
            }
        }

        return members;
    }

    private List<SyntaxNode> ElementsOf(SyntaxNode node)
    {
        if (!_elements.TryGetValue(node.Index, out List<SyntaxNode>? elements))
        {
            _elements.Add(node.Index, elements = []);
            foreach (SyntaxNode element in node.Elements)
            {
                elements.Add(element);
            }
        }

        return elements;
    }
}
