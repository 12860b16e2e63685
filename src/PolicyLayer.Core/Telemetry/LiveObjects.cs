using System.Runtime.CompilerServices;

namespace PolicyLayer.Telemetry;

/// <summary>What objects say of themselves while they live, without keeping any of them alive. Safe for any number of threads.</summary>
internal sealed class LiveObjects<T>
{
    private readonly ConditionalWeakTable<object, Func<T>> _objects = [];

    /// <summary>Adds an object, once.</summary>
    /// <param name="live">The object.</param>
    /// <param name="read">What it says; it may hold the object, and mustn't throw.</param>
    public void Add(object live, Func<T> read) => _objects.Add(live, read);

    /// <summary>What the objects say that live.</summary>
    public IEnumerable<T> Read() => _objects.Select(live => live.Value());
}
