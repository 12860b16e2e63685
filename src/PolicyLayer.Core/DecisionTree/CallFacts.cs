using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree;

/// <summary>What rules may read of one call: its arguments, its context and its grant's attributes, and where paths in them lead.</summary>
internal readonly ref struct CallFacts
{
    private const int Missing = 1;
    private const int Unjudgeable = 2;
    private const int FirstToken = 3;

    private readonly ReadOnlySpan<byte> _arguments;
    private readonly ReadOnlySpan<byte> _context;
    private readonly ReadOnlySpan<byte> _grant;
    private readonly PathTable _paths;
    private readonly Span<int> _places;

    public CallFacts(
        CallScratch scratch, PathTable paths, ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> context, ReadOnlySpan<byte> grant)
    {
        Scratch = scratch;
        _paths = paths;
        _arguments = arguments;
        _context = context;
        _grant = grant;
        _places = scratch.Places(paths.Count);
    }

    public CallScratch Scratch { get; }

    public JsonValue Arguments => ValueAt(PathRoot.Arguments, 0);

    /// <summary>Where one of the entry's paths leads, up to its first <c>[*]</c>. Followed once, however often it is asked.</summary>
    public PathOutcome Resolve(int place, PathRoot root, out JsonValue value)
    {
        int known = _places[place];
        if (known == 0)
        {
            known = Follow(place);
        }

        if (known >= FirstToken)
        {
            value = ValueAt(root, known - FirstToken);
            return PathOutcome.Present;
        }

        value = default;
        return known == Missing ? PathOutcome.Missing : PathOutcome.Unjudgeable;
    }

    private int Follow(int place)
    {
        PolicyPath path = _paths[place];
        PathOutcome outcome = path.Head.Follow(ValueAt(path.Root, 0), out JsonValue value);
        return _places[place] = outcome switch
        {
            PathOutcome.Present => value.Index + FirstToken,
            PathOutcome.Missing => Missing,
            _ => Unjudgeable,
        };
    }

    private JsonValue ValueAt(PathRoot root, int token) => root switch
    {
        PathRoot.Arguments => new JsonValue(_arguments, Scratch.Arguments, token),
        PathRoot.Context => new JsonValue(_context, Scratch.Context, token),
        _ => new JsonValue(_grant, Scratch.Grant, token),
    };
}
