using System.Globalization;
using System.Text;

namespace PolicyLayer.Counters;

/// <summary>The full identity of one counter. Immutable; compared by value, ordinally.</summary>
/// <param name="Definition">What is counted.</param>
/// <param name="GrantId">Whose it is; null when the scope is <see cref="CounterScope.Policy"/>.</param>
/// <param name="SessionId">Which session's it is; null unless the scope is <see cref="CounterScope.Session"/>.</param>
public readonly record struct CounterKey(CounterDefinition Definition, string? GrantId, string? SessionId)
{
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
        text.Append(Definition.Scope switch
        {
            CounterScope.Grant => "grant",
            CounterScope.Session => "session",
            _ => "policy",
        }).Append('|');
        Append(text, GrantId).Append('|');
        Append(text, SessionId).Append('|');
        text.Append(CultureInfo.InvariantCulture, $"{Definition.WindowSeconds}|");
        text.Append(Definition.Algorithm == CounterAlgorithm.Fixed ? "fixed" : "sliding");
        return text.ToString();
    }

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
