using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Documents;

/// <summary>
/// Finds the places of tokens, asked for in ascending order, in one walk: only findings ask, so tokens needn't know their owners.
/// </summary>
internal sealed class PlaceFinder
{
    private readonly SyntaxTree _tree;
    private readonly Stack<Level> _levels = [];

    public PlaceFinder(SyntaxTree tree)
    {
        _tree = tree;
        _levels.Push(new Level(tree.Root, Place.Root));
    }

    /// <summary>The place of a value's token; of a name's, that of its member.</summary>
    public Place MoveTo(int token)
    {
        while (token >= _levels.Peek().Value.End)
        {
            _levels.Pop();
        }

        while (token > _levels.Peek().Value.Index)
        {
            _levels.Push(StepInto(_levels.Peek(), token));
        }

        return _levels.Peek().Place;
    }

    private Level StepInto(Level level, int token)
    {
        bool isObject = level.Value.Kind == JsonKind.Object;
        int nameTokens = isObject ? 1 : 0;
        for (int end = EndOf(level.Next + nameTokens); end <= token; end = EndOf(level.Next + nameTokens))
        {
            level.Next = end;
            level.Position++;
        }

        return new Level(
            new SyntaxNode(_tree, level.Next + nameTokens),
            isObject ? level.Place.Member(new SyntaxNode(_tree, level.Next).GetString()) : level.Place.Element(level.Position));
    }

    private int EndOf(int value) => _tree.Tokens[value].End;

    /// <summary>A value on the way, and how far its children were passed.</summary>
    private sealed class Level(SyntaxNode value, Place place)
    {
        public SyntaxNode Value => value;

        public Place Place => place;

        public int Next { get; set; } = value.Index + 1;

        public int Position { get; set; }
    }
}
