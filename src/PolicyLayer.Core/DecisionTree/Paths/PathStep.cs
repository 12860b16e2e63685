using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Paths;

/// <summary>One step of a path: a member's name, an element's index, or all elements.</summary>
internal sealed class PathStep
{
    private PathStep(MemberName? name, int index)
    {
        Name = name;
        Index = index;
    }

    public static PathStep AllElements { get; } = new(null, -1);

    /// <summary>The member's name; null for the other kinds of step.</summary>
    public MemberName? Name { get; }

    public int Index { get; }

    public bool IsAllElements => Name is null && Index < 0;

    public static PathStep Member(byte[] utf8Name) => new(new MemberName(utf8Name), 0);

    public static PathStep Element(int index) => new(null, index);
}
