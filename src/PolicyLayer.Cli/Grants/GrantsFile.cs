using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Cli.Output;
using PolicyLayer.Grants;

namespace PolicyLayer.Cli.Grants;

/// <summary>A file of grants that a person names: read whole, and written so that a reader sees the old one or the new one.</summary>
internal static class GrantsFile
{
    // So long another command may take with the same file; each takes milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The grants of a file. What is noticed in it goes to standard error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <param name="environment">Where findings go.</param>
    /// <exception cref="CommandException">The file can't be read, or has an error.</exception>
    public static IReadOnlyList<Grant> Read(string path, GrantLoadOptions? options, CommandEnvironment environment) =>
        Expect(Load(path, file => GrantDocument.LoadFile(file, options)), path, environment);

    /// <summary>Changes a file, unless it has an error, or would have one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mayBeNew">Whether it is made where it doesn't exist.</param>
    /// <param name="edit">Makes the new text of the old one and its grants; null leaves the file as it is.</param>
    /// <param name="explain">What to say where the new text has an error, which is what the person gave.</param>
    /// <param name="environment">Where findings go.</param>
    /// <returns>The grants that stand in the file now.</returns>
    /// <exception cref="CommandException">The file can't be read or written, or has an error, or would have one.</exception>
    public static IReadOnlyList<Grant> Edit(
        string path,
        bool mayBeNew,
        Func<GrantsText, IReadOnlyList<Grant>, GrantsText?> edit,
        Func<PolicyDiagnostic, string> explain,
        CommandEnvironment environment)
    {
        string target = Load(path, Resolve);
        if (mayBeNew && Path.GetDirectoryName(target) is { } folder && !Directory.Exists(folder))
        {
            throw new CommandException($"The folder `{PlainTable.OneLine(folder)}` doesn't exist. Help: make it first.");
        }

        using var turn = new Mutex(initiallyOwned: false, NameOf(target));
        if (!Take(turn))
        {
            throw new CommandException($"`{PlainTable.OneLine(path)}` is being changed by another command. Help: try again.");
        }

        try
        {
            bool isNew = mayBeNew && !File.Exists(target);
            GrantsText text = isNew ? GrantsText.Empty : new GrantsText(Load(path, File.ReadAllBytes));
            GrantLoadResult before = GrantDocument.Load(text.Text.Span);
            if (!before.IsValid || edit(text, before.Grants) is not { } edited)
            {
                return Expect(before, path, environment);
            }

            GrantLoadResult after = Accept(edited, explain);
            AtomicFile.Write(target, edited.Text.Span);
            return Expect(after, path, environment);
        }
        finally
        {
            turn.ReleaseMutex();
        }
    }

    /// <summary>Reads a text that was made of what a person gave.</summary>
    /// <exception cref="CommandException">The text has an error.</exception>
    public static GrantLoadResult Accept(GrantsText text, Func<PolicyDiagnostic, string> explain)
    {
        GrantLoadResult result = GrantDocument.Load(text.Text.Span);
        IEnumerable<string> errors = result.Diagnostics
            .Where(finding => finding.Severity == DiagnosticSeverity.Error)
            .Select(finding => PlainTable.OneLine(explain(finding)));
        return result.IsValid ? result : throw new CommandException(string.Join('\n', errors));
    }

    private static T Load<T>(string path, Func<string, T> read) =>
        DocumentFile.Read(path, "name the file of grants, as in `grants.json`", read);

    private static IReadOnlyList<Grant> Expect(GrantLoadResult result, string path, CommandEnvironment environment)
    {
        DocumentFile.WriteDiagnostics(result.Diagnostics, path, environment.Error);
        return result.Grants ?? throw new CommandException($"`{PlainTable.OneLine(path)}` has errors, so that nobody has a grant of it.");
    }

    /// <summary>Where a link leads: renaming would put a file in the link's place.</summary>
    private static string Resolve(string path)
    {
        // A relative link leads from its own folder, which a bare name doesn't have.
        string full = Path.GetFullPath(path);
        return File.Exists(full) && File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target ? target.FullName : full;
    }

    // Global, as two terminals are two sessions.
    private static string NameOf(string target) =>
        @"Global\policylayer-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(target)).AsSpan(0, 16));

    private static bool Take(Mutex turn)
    {
        try
        {
            return turn.WaitOne(Patience);
        }
        catch (AbandonedMutexException)
        {
            // Whoever had it was ended; the file is the old one or the new one all the same.
            return true;
        }
    }
}
