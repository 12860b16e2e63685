namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Where a policy document comes from.</summary>
/// <param name="Description">What it is called in a sentence, with its full path if it has one.</param>
/// <param name="Name">What findings call it.</param>
/// <param name="Load">Reads all of it.</param>
/// <param name="Path">Its full path, or null if it is no file.</param>
internal sealed record PolicySource(string Description, string Name, Func<PolicyLoadOptions, PolicyLoadResult> Load, string? Path = null)
{
    public static PolicySource File(string path)
    {
        // Resolved now: the current directory may be another one when the host starts.
        string fullPath = System.IO.Path.GetFullPath(path);
        return new PolicySource(
            $"policy file `{fullPath}`", System.IO.Path.GetFileName(fullPath), options => Policy.LoadFile(fullPath, options), fullPath);
    }

    public static PolicySource Stream(Func<Stream> open) => new("policy stream", "policy", options =>
    {
        using Stream stream = open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Policy.Load(copy.GetBuffer().AsSpan(0, (int)copy.Length), options);
    });

    public static PolicySource Json(string json) => new("policy text", "policy", options => Policy.Load(json, options));
}
