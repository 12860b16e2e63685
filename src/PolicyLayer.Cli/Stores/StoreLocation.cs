using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Stores;

/// <summary>What a STORE of the line names.</summary>
/// <remarks>No message quotes the option: what is no address of a store may still hold a password.</remarks>
internal abstract record StoreLocation
{
    public const string Memory = "memory";

    /// <summary>What a STORE may be.</summary>
    public const string Forms = $"`{Memory}`, {LastingForms}";

    /// <summary>Those that outlive the process.</summary>
    public const string LastingForms =
        $"`sqlite:PATH`, `redis://[USER@]HOST:PORT` or `rediss://…` (the password comes from {RedisAddress.PasswordVariable})";

    private const string SqliteScheme = "sqlite:";

    /// <param name="text">The STORE.</param>
    /// <param name="option">The option that it stands behind.</param>
    /// <param name="kept">What is kept there.</param>
    /// <exception cref="CommandException">The text names no store.</exception>
    public static StoreLocation Parse(string text, string option, string kept)
    {
        if (text == Memory)
        {
            return new InMemory();
        }

        if (text.StartsWith(SqliteScheme, StringComparison.Ordinal) && text.Length > SqliteScheme.Length)
        {
            return new SqliteFile(text[SqliteScheme.Length..]);
        }

        return RedisAddress.Parse(text) is { } address
            ? new RedisServer(address)
            : throw new CommandException($"`{option}` names no place for {kept}. Help: use {Forms}.");
    }

    /// <summary>The same for a store that others have filled, behind <c>--store</c>.</summary>
    /// <exception cref="CommandException">The text names no such store.</exception>
    public static StoreLocation ParseExisting(string text, string kept) => Parse(text, "--store", kept) switch
    {
        InMemory => throw new CommandException($"The {kept} of `{Memory}` end with the process that has them. Help: use {LastingForms}."),

        // Opening a file makes it: a name that was mistyped would hold nothing, and look as if all were well.
        SqliteFile { Path: var path } when !File.Exists(path) =>
            throw new CommandException($"`{PlainTable.OneLine(path)}` doesn't exist."),
        var location => location,
    };

    /// <summary>The memory of the process.</summary>
    public sealed record InMemory : StoreLocation;

    /// <summary>A file of SQLite.</summary>
    public sealed record SqliteFile(string Path) : StoreLocation;

    /// <summary>A server of Redis.</summary>
    public sealed record RedisServer(RedisAddress Address) : StoreLocation;
}
