using PolicyLayer.Text;

namespace PolicyLayer.Approvals;

/// <summary>Who answers a request, as the host knows them and never by what they say of themselves. Immutable.</summary>
public sealed class Approver
{
    /// <summary>The longest name: 256 characters, none of them a control character.</summary>
    public const int MaxNameLength = 256;

    /// <summary>Names an approver.</summary>
    /// <param name="name">Who it is, for the record: 1 to <see cref="MaxNameLength"/> characters.</param>
    /// <param name="grantId">
    /// The grant that whoever answers acts under, if any; null, the default, for a person. Approving is a right of people: a grant's answer
    /// is <see cref="ApprovalResolution.NotAllowed"/>, about its own calls and others'.
    /// </param>
    /// <exception cref="ArgumentException">The name is null, empty, too long or no plain text.</exception>
    public Approver(string name, string? grantId = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxNameLength || !Utf16.IsWellFormed(name) || name.Any(char.IsControl))
        {
            throw new ArgumentException($"A name has at most {MaxNameLength} characters of Unicode text, and no controls.", nameof(name));
        }

        Name = name;
        GrantId = grantId;
    }

    /// <summary>Who it is.</summary>
    public string Name { get; }

    /// <summary>The grant that whoever answers acts under; null for a person.</summary>
    public string? GrantId { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
