namespace PolicyLayer.Cli;

/// <summary>A file that can't be read, and why, as a word that programs go by.</summary>
internal sealed class UnreadableFileException(string code, string message) : CommandException(message)
{
    /// <summary>There is nothing of that name.</summary>
    public const string Missing = "missing";

    public const string Folder = "folder";

    /// <summary>Whatever else is in the way, such as permissions.</summary>
    public const string Unreadable = "unreadable";

    public string Code { get; } = code;
}
