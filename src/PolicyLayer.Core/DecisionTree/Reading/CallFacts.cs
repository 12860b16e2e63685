using System.Runtime.CompilerServices;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Reading;

/// <summary>
/// What rules may read of one call: its arguments, context and grant's attributes, its tool and its time, and where paths in them lead.
/// </summary>
internal readonly ref struct CallFacts
{
    // Makes what is known of a place other than zero.
    private const int Known = 3;

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

    /// <summary>
    /// Where one of the entry's paths leads, up to its first <c>[*]</c>: a token, or <see cref="PathSteps.Missing"/> or
    /// <see cref="PathSteps.Unjudgeable"/>.
    /// Followed once, however often it is asked.
    /// </summary>
    public int Resolve(int place)
    {
        int known = _places[place];
        return known != 0 ? known - Known : Follow(place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public JsonValue ValueAt(PathRoot root, int token) =>
        root == PathRoot.Arguments ? new JsonValue(_arguments, Scratch.Arguments, token) : OtherAt(root, token);

    // Few policies read the call or the time: their texts are the scratch's own, so that the facts of all others stay small.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private JsonValue OtherAt(PathRoot root, int token) => root switch
    {
        PathRoot.Context => new JsonValue(_context, Scratch.Context, token),
        PathRoot.Grant => new JsonValue(_grant, Scratch.Grant, token),
        PathRoot.Call => new JsonValue(Scratch.CallText.Written, Scratch.Call, token),
        _ => new JsonValue(Scratch.TimeText.Written, Scratch.Time, token),
    };

    // Out of line, like all that isn't done for every rule: frames are cleared on every call, and grow with what is inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Follow(int place)
    {
        PolicyPath path = _paths[place];
        int token = path.Head.Follow(ValueAt(path.Root, 0), Scratch.Work);
        _places[place] = token + Known;
        return token;
    }
}
