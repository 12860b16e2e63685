using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PolicyLayer.Proxy.Http;

/// <summary>The ids of the last events that a session has shown its client. Safe for any number of threads.</summary>
internal sealed class ShownEvents
{
    /// <summary>So many are remembered.</summary>
    public const int Max = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<UInt128> _order = [];
    private readonly HashSet<UInt128> _known = [];

    /// <summary>Remembers one, and forgets the oldest of too many.</summary>
    public void Add(string id)
    {
        UInt128 hash = HashOf(id);
        lock (_lock)
        {
            if (!_known.Add(hash))
            {
                return;
            }

            _order.Enqueue(hash);
            if (_order.Count > Max)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>Whether it was shown, and isn't forgotten.</summary>
    public bool Contains(string id)
    {
        UInt128 hash = HashOf(id);
        lock (_lock)
        {
            return _known.Contains(hash);
        }
    }

    // Ids may be long, and sessions many.
    private static UInt128 HashOf(string id) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
