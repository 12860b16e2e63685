namespace PolicyLayer.Cli.Commands;

/// <summary>The grant that a command is about.</summary>
/// <param name="Id">Its id.</param>
/// <param name="File">The file in which it stands.</param>
/// <param name="Json">Whether a program reads the answer.</param>
internal sealed record GrantTarget(string Id, string File, bool Json);

/// <summary>What <c>grant new</c> was asked to make.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Json">Whether a program reads the answer.</param>
internal sealed record NewGrantOptions(string Id, bool Json)
{
    public string? Policy { get; init; }

    public string? Label { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; }

    public string? Expires { get; init; }

    /// <summary>The file that it goes into; null where it is only shown.</summary>
    public string? File { get; init; }
}
