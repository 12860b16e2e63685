namespace PolicyLayer.Cli;

/// <summary>Reads policies from files that a person names.</summary>
internal static class PolicyFile
{
    /// <summary>Loads a file, whatever is wrong with the document in it.</summary>
    /// <exception cref="CommandException">The file can't be read.</exception>
    public static PolicyLoadResult Load(string path) =>
        DocumentFile.Read(path, "name files, as in `policies/*.json`", file => Policy.LoadFile(file));
}
