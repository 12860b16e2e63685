using System.Collections.ObjectModel;
using System.Diagnostics;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Grants;

/// <summary>
/// What a host has granted to one agent: which policy its calls are judged by, what rules may know of it, until when. Immutable.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Grant
{
    /// <summary>The longest id: 128 characters.</summary>
    public const int MaxIdLength = 128;

    /// <summary>Describes a grant that is in force, for the only policy of a host, without attributes, label or end.</summary>
    /// <param name="id">The id that calls name, 1 to <see cref="MaxIdLength"/> characters of Unicode text; compared ordinally.</param>
    /// <exception cref="ArgumentException">The id is null, empty, too long or has an unpaired surrogate.</exception>
    public Grant(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (id.Length > MaxIdLength || !Utf16.IsWellFormed(id))
        {
            throw new ArgumentException($"A grant's id has 1 to {MaxIdLength} characters of Unicode text.", nameof(id));
        }

        Id = id;
    }

    private Grant(Grant other, bool isRevoked)
    {
        Id = other.Id;
        Label = other.Label;
        PolicyName = other.PolicyName;
        Attributes = other.Attributes;
        Expires = other.Expires;
        TokenSha256 = other.TokenSha256;
        IsRevoked = isRevoked;
    }

    /// <summary>The id that calls name.</summary>
    public string Id { get; }

    /// <summary>What people call the grant; null, the default, for nothing. It changes no decision.</summary>
    public string? Label { get; init; }

    /// <summary>
    /// The name of the policy that judges the grant's calls; null, the default, for the first, and mostly only, one of the authorizer. A
    /// policy that the authorizer doesn't have denies every call with <see cref="DecisionCode.NoPolicy"/>.
    /// </summary>
    public string? PolicyName { get; init; }

    /// <summary>What the policy's rules read as <c>grant.…</c>; empty by default. Copied when set.</summary>
    /// <exception cref="ArgumentException">Two names differ only by case, or a value is null.</exception>
    public IReadOnlyDictionary<string, string> Attributes
    {
        get;
        init => field = Copy(value);
    }

    = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The first moment at which the grant is no longer in force; null, the default, for none.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether it was revoked; false by default.</summary>
    public bool IsRevoked { get; init; }

    /// <summary>
    /// The SHA-256 of the bearer token that names the grant, as 64 lower-case hexadecimal digits; null, the default, for a grant that is
    /// named by its id alone. <see cref="GrantToken"/> makes both.
    /// </summary>
    /// <exception cref="ArgumentException">It is set to another text.</exception>
    public string? TokenSha256
    {
        get;
        init => field = value is null || GrantToken.IsHash(value)
            ? value
            : throw new ArgumentException("The SHA-256 of a token has 64 lower-case hexadecimal digits.", nameof(value));
    }

    /// <summary>The same grant, revoked.</summary>
    public Grant Revoke() => IsRevoked ? this : new Grant(this, isRevoked: true);

    /// <summary>Whether the other says all the same.</summary>
    internal bool IsAs(Grant other) =>
        Id == other.Id
        && Label == other.Label
        && PolicyName == other.PolicyName
        && Expires == other.Expires
        && IsRevoked == other.IsRevoked
        && TokenSha256 == other.TokenSha256
        && Attributes.Count == other.Attributes.Count
        && Attributes.All(attribute => other.Attributes.GetValueOrDefault(attribute.Key) == attribute.Value);

    /// <summary>The id, and nothing else of it.</summary>
    public override string ToString() => Id;

    private static ReadOnlyDictionary<string, string> Copy(IReadOnlyDictionary<string, string> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes, nameof(Attributes));
        var copy = new Dictionary<string, string>(attributes.Count, StringComparer.Ordinal);
        var folded = new HashSet<string>(attributes.Count, StringComparer.Ordinal);
        foreach ((string name, string value) in attributes)
        {
            if (value is null || !folded.Add(NameFolding.Fold(name)))
            {
                throw new ArgumentException("Attributes have values, and names that differ in more than case.", nameof(attributes));
            }

            copy.Add(name, value);
        }

        return copy.AsReadOnly();
    }
}
