using System.Numerics;
using PolicyLayer.Authorization.Decisions;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// The allowed calls that may still be reported, each taken out exactly once however often its decision was copied. A decision says where
/// it is kept and its number is never given again, so there is nothing to search and a stale copy finds another's number.
/// </summary>
/// <remarks>
/// INVARIANT: while fewer calls are open than there are places, none is forgotten. When all places are taken, the oldest of one part makes
/// room: at least as many newer ones are open as a part has other places. Threads on different processors use different parts, so that
/// nothing shared is written on the path of a decision before the table is full.
/// </remarks>
internal sealed class OpenCalls
{
    private const int MaxParts = 16;

    /// <summary>A smaller part would forget too soon, and sharing it costs a small host nothing.</summary>
    private const int MinPartSize = 1_024;

    private readonly OpenCallPart[] _parts;
    private readonly OpenCallPart.Room _room = new();

    public OpenCalls(int capacity)
    {
        int wanted = Math.Clamp(Math.Min(Environment.ProcessorCount, capacity / MinPartSize), 1, MaxParts);
        int count = 1 << BitOperations.Log2((uint)wanted);
        _parts = new OpenCallPart[count];
        for (int i = 0; i < count; i++)
        {
            _parts[i] = new OpenCallPart(_room, i, count, (capacity + count - 1 - i) / count);
        }

        _room.Parts = count;
    }

    /// <summary>Remembers a call. Returns its id with the place where it is kept.</summary>
    public DecisionId Open(DecisionId id)
    {
        int mask = _parts.Length - 1;
        int own = mask == 0 ? 0 : Thread.GetCurrentProcessorId() & mask;
        while (true)
        {
            // Read before looking: no place anywhere was free at that moment.
            bool mayForget = _room.IsUsedUp;
            for (int i = 0; i <= mask; i++)
            {
                if (_parts[(own + i) & mask].TryOpen(id, mayForget, out DecisionId opened))
                {
                    return opened;
                }
            }
        }
    }

    /// <summary>Remembers an allowed call; what goes on with another one is kept in its place.</summary>
    public ToolCallDecision Open(in ToolCallDecision allowed) =>
        allowed.OpenCall?.Logical is { HasBegun: true } ? allowed : allowed.With(Open(allowed.Id));

    public bool IsOpen(DecisionId id) => id.Place >= 0 && _parts[id.Place & (_parts.Length - 1)].IsOpen(id);

    /// <summary>Whether the call was open; it isn't any more.</summary>
    public bool TryClose(DecisionId id) => id.Place >= 0 && _parts[id.Place & (_parts.Length - 1)].TryClose(id);
}
