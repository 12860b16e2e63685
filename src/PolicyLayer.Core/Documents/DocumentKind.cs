namespace PolicyLayer.Documents;

/// <summary>What a document is for: findings say so in its own words.</summary>
/// <param name="Name">What a finding calls the document where nobody gave it a name.</param>
/// <param name="Reader">The public type that reads it.</param>
/// <param name="CommentHelp">Where what a comment says may stand.</param>
internal sealed record DocumentKind(string Name, string Reader, string CommentHelp)
{
    public static DocumentKind Policy { get; } = new("policy", "Policy", "use `description`");

    public static DocumentKind Grants { get; } = new("grants", "GrantDocument", "use `label`");
}
