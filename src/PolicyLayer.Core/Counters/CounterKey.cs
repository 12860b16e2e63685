using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PolicyLayer.Counters;

/// <summary>The full identity of one counter. Immutable; compared by value, ordinally. A default one is no counter.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct CounterKey : IEquatable<CounterKey>
{
    internal const int PartitionLength = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Names the counter that a call of a grant and session counts on.</summary>
    /// <param name="definition">What is counted.</param>
    /// <param name="grantId">The call's grant; left out of the key when the scope is <see cref="CounterScope.Policy"/>.</param>
    /// <param name="sessionId">The call's session; left out of the key unless the scope is <see cref="CounterScope.Session"/>.</param>
    /// <param name="partition">
    /// The digest of the value whose counter it is; left out of the key unless the definition is partitioned.
    /// </param>
    /// <exception cref="ArgumentNullException">The definition, or an id or digest that it needs, is null.</exception>
    /// <exception cref="ArgumentException">The digest has another form than <see cref="Partition"/> says.</exception>
    public CounterKey(CounterDefinition definition, string? grantId, string? sessionId, string? partition = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definition = definition;
        if (definition.Scope != CounterScope.Policy)
        {
            ArgumentNullException.ThrowIfNull(grantId);
            GrantId = grantId;
        }

        if (definition.Scope == CounterScope.Session)
        {
            ArgumentNullException.ThrowIfNull(sessionId);
            SessionId = sessionId;
        }

        if (definition.IsPartitioned)
        {
            ArgumentNullException.ThrowIfNull(partition);
            Partition = IsDigest(partition)
                ? partition
                : throw new ArgumentException($"A digest has {PartitionLength} lower-case hexadecimal digits.", nameof(partition));
        }
    }

    /// <summary>What is counted.</summary>
    public CounterDefinition Definition { get; }

    /// <summary>Whose it is; null when the scope is <see cref="CounterScope.Policy"/>.</summary>
    public string? GrantId { get; }

    /// <summary>Which session's it is; null unless the scope is <see cref="CounterScope.Session"/>.</summary>
    public string? SessionId { get; }

    /// <summary>
    /// The digest of the value whose counter it is, 32 lower-case hexadecimal digits; null unless the definition is partitioned.
    /// </summary>
    public string? Partition { get; }

    /// <inheritdoc/>
    public bool Equals(CounterKey other) =>
        string.Equals(GrantId, other.GrantId, StringComparison.Ordinal)
        && string.Equals(SessionId, other.SessionId, StringComparison.Ordinal)
        && string.Equals(Partition, other.Partition, StringComparison.Ordinal)
        && Equals(Definition, other.Definition);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CounterKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Definition, GrantId, SessionId, Partition);

    /// <summary>
    /// The key as text for use in a database. It is the same in every process and version, and no two keys share it. It may hold any
    /// character of the names and ids but control characters and <c>|</c>, which are escaped with <c>%</c>.
    /// </summary>
    public override string ToString()
    {
        if (Definition is null)
        {
            return "";
        }

        var text = new StringBuilder();
        Append(text, Definition.PolicyName).Append('|');
        Append(text, Definition.CounterName).Append('|');
        text.Append(Definition.Scope.ToWireString()).Append('|');
        Append(text, GrantId).Append('|');
        Append(text, SessionId).Append('|');
        text.Append(CultureInfo.InvariantCulture, $"{Definition.Window}|");
        text.Append(Definition.Algorithm.ToWireString());
        if (Definition.Kind != CounterKind.Limit || Definition.IsPartitioned)
        {
            text.Append('|').Append(Definition.Kind.ToWireString());
        }

        if (Definition.IsPartitioned)
        {
            Append(text.Append('|'), Partition);
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key, if the text is one.</param>
    public static bool TryParse(string? text, out CounterKey key) => CounterKeyReader.TryRead(text ?? "", out key);

    /// <summary>Whether two keys are of one counter.</summary>
    public static bool operator ==(CounterKey left, CounterKey right) => left.Equals(right);

    /// <summary>Whether two keys are of different counters.</summary>
    public static bool operator !=(CounterKey left, CounterKey right) => !left.Equals(right);

    internal static bool IsDigest(string text) => text.Length == PartitionLength && !text.AsSpan().ContainsAnyExcept(HexDigits);

    private static StringBuilder Append(StringBuilder text, string? part)
    {
        foreach (char c in part ?? "")
        {
            // Lone surrogates would be lost on the way to UTF-8, and two keys could become one.
            if (c is '%' or '|' || char.IsControl(c) || char.IsSurrogate(c))
            {
                text.Append(CultureInfo.InvariantCulture, $"%{(int)c:x4}");
            }
            else
            {
                text.Append(c);
            }
        }

        return text;
    }
}
