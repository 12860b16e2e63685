namespace PolicyLayer.DecisionTree.Paths;

/// <summary>One step of a path: a member's name, an element's index, or all elements.</summary>
internal sealed class PathStep
{
    private PathStep(byte[]? name, int index)
    {
        Utf8Name = name;
        Index = index;
    }

    public static PathStep AllElements { get; } = new(null, -1);

    /// <summary>The member's name in UTF-8; null for the other kinds of step.</summary>
    public byte[]? Utf8Name { get; }

    public int Index { get; }

    public bool IsAllElements => Utf8Name is null && Index < 0;

    public static PathStep Member(byte[] utf8Name) => new(utf8Name, 0);

    public static PathStep Element(int index) => new(null, index);
}
