using System.Globalization;
using System.Text;

namespace PolicyLayer.Counters;

/// <summary>The full identity of one counter. Immutable; compared by value, ordinally. A default one is no counter.</summary>
public readonly struct CounterKey : IEquatable<CounterKey>
{
    /// <summary>Names the counter that a call of a grant and session counts on.</summary>
    /// <param name="definition">What is counted.</param>
    /// <param name="grantId">The call's grant; left out of the key when the scope is <see cref="CounterScope.Policy"/>.</param>
    /// <param name="sessionId">The call's session; left out of the key unless the scope is <see cref="CounterScope.Session"/>.</param>
    /// <exception cref="ArgumentNullException">The definition, or an id that the scope needs, is null.</exception>
    public CounterKey(CounterDefinition definition, string? grantId, string? sessionId)
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
    }

    /// <summary>What is counted.</summary>
    public CounterDefinition Definition { get; }

    /// <summary>Whose it is; null when the scope is <see cref="CounterScope.Policy"/>.</summary>
    public string? GrantId { get; }

    /// <summary>Which session's it is; null unless the scope is <see cref="CounterScope.Session"/>.</summary>
    public string? SessionId { get; }

    /// <inheritdoc/>
    public bool Equals(CounterKey other) =>
        string.Equals(GrantId, other.GrantId, StringComparison.Ordinal)
        && string.Equals(SessionId, other.SessionId, StringComparison.Ordinal)
        && Equals(Definition, other.Definition);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CounterKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Definition, GrantId, SessionId);

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
        return text.ToString();
    }

    /// <summary>Whether two keys are of one counter.</summary>
    public static bool operator ==(CounterKey left, CounterKey right) => left.Equals(right);

    /// <summary>Whether two keys are of different counters.</summary>
    public static bool operator !=(CounterKey left, CounterKey right) => !left.Equals(right);

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
