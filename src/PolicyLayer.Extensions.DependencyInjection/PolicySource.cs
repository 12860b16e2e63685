using System.Text;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Where a policy document comes from.</summary>
/// <param name="Description">What it is called in a sentence, with its full path if it has one.</param>
/// <param name="Name">What findings call it.</param>
/// <param name="Read">Reads all of it.</param>
/// <param name="Path">Its full path, or null if it is no file.</param>
internal sealed record PolicySource(string Description, string Name, Func<byte[]> Read, string? Path = null)
{
    /// <summary>Throws at half of a surrogate pair instead of replacing it in silence.</summary>
    private static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static PolicySource File(string path)
    {
        // Resolved now: the current directory may be another one when the host starts.
        string fullPath = System.IO.Path.GetFullPath(path);
        return new PolicySource($"policy file `{fullPath}`", System.IO.Path.GetFileName(fullPath), () => System.IO.File.ReadAllBytes(fullPath), fullPath);
    }

    public static PolicySource Stream(Func<Stream> open) => new("policy stream", "policy", () =>
    {
        using Stream stream = open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    });

    public static PolicySource Json(string json) => new("policy text", "policy", () => StrictUtf8.GetBytes(json));
}
