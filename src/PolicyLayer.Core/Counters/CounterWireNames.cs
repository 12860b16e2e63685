using PolicyLayer.Calls;

namespace PolicyLayer.Counters;

/// <summary>The texts of counters' words, as they stand in policies and stores. They never change between versions.</summary>
public static class CounterWireNames
{
    internal static WireNameTable<CounterScope> Scopes { get; } = new(
        (CounterScope.Grant, "grant"),
        (CounterScope.Session, "session"),
        (CounterScope.Policy, "policy"));

    internal static WireNameTable<CounterAlgorithm> Algorithms { get; } = new(
        (CounterAlgorithm.Fixed, "fixed"),
        (CounterAlgorithm.Sliding, "sliding"),
        (CounterAlgorithm.Recent, "recent"));

    internal static WireNameTable<CounterKind> Kinds { get; } = new(
        (CounterKind.Limit, "limit"),
        (CounterKind.Mark, "mark"));

    /// <summary>The text of a scope: <c>grant</c>, <c>session</c> or <c>policy</c>.</summary>
    /// <param name="scope">A scope of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't a scope of this library.</exception>
    public static string ToWireString(this CounterScope scope) => Scopes.TextOf(scope);

    /// <summary>The text of an algorithm: <c>fixed</c>, <c>sliding</c> or <c>recent</c>; the last stands in no policy.</summary>
    /// <param name="algorithm">An algorithm of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't an algorithm of this library.</exception>
    public static string ToWireString(this CounterAlgorithm algorithm) => Algorithms.TextOf(algorithm);

    /// <summary>The text of a kind: <c>limit</c> or <c>mark</c>.</summary>
    /// <param name="kind">A kind of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't a kind of this library.</exception>
    public static string ToWireString(this CounterKind kind) => Kinds.TextOf(kind);

    /// <summary>Reads the text of a scope; case counts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scope">The scope, if the text is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out CounterScope scope) => Scopes.TryParse(text, out scope);

    /// <summary>Reads the text of an algorithm; case counts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="algorithm">The algorithm, if the text is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out CounterAlgorithm algorithm) => Algorithms.TryParse(text, out algorithm);

    /// <summary>Reads the text of a kind; case counts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kind">The kind, if the text is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out CounterKind kind) => Kinds.TryParse(text, out kind);
}
