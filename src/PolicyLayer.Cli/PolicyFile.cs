using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli;

/// <summary>Reads policies from files that a person names.</summary>
internal static class PolicyFile
{
    /// <summary>Loads a file, whatever is wrong with the document in it.</summary>
    /// <exception cref="UnreadableFileException">The file can't be read.</exception>
    public static PolicyLoadResult Load(string path) =>
        DocumentFile.Read(path, "name files, as in `policies/*.json`", file => Policy.LoadFile(file));

    /// <summary>Loads the policies of one host; null when one of them has an error. Findings go to standard error.</summary>
    /// <exception cref="CommandException">A file can't be read, or two policies have one name.</exception>
    public static IReadOnlyList<Policy>? LoadAll(IEnumerable<string> paths, CommandEnvironment environment)
    {
        bool isValid = true;
        var policies = new List<Policy>();
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            PolicyLoadResult loaded = Load(path);
            DocumentFile.WriteDiagnostics(loaded.Diagnostics, path, environment.Error);
            isValid &= loaded.IsValid;
            if (loaded.Policy is not { } policy)
            {
                continue;
            }

            if (!files.TryAdd(policy.Name, path))
            {
                string both = $"`{PlainTable.OneLine(files[policy.Name])}` and `{PlainTable.OneLine(path)}`";
                throw new CommandException($"{both} are both named {QuotedText.Of(policy.Name)}. Help: give each a `name` of its own.");
            }

            policies.Add(policy);
        }

        return isValid ? policies : null;
    }
}
