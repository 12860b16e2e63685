using System.Reflection;
using PolicyLayer.Auditing.Files;

namespace PolicyLayer;

/// <summary>Where a document is read from, each time anew: a file, a stream, a resource or a text. Immutable.</summary>
public sealed class DocumentSource
{
    private readonly Func<Stream>? _open;
    private readonly string? _text;

    private DocumentSource(string name, Func<Stream>? open = null, string? text = null, string? path = null)
    {
        Name = name;
        Path = path;
        _open = open;
        _text = text;
    }

    /// <summary>What findings call the document: a file's name without its folder, or the name that was given.</summary>
    public string Name { get; }

    /// <summary>The full path of a file; null for a document that is none, and can't change.</summary>
    public string? Path { get; }

    /// <summary>A regular file, through links or not: pipes, devices and folders can't be read.</summary>
    /// <param name="path">The file; a relative path starts from the current directory at the time of this call.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no path.</exception>
    public static DocumentSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string fullPath = System.IO.Path.GetFullPath(path);
        return new DocumentSource(System.IO.Path.GetFileName(fullPath), () => OpenFile(fullPath), path: fullPath);
    }

    /// <summary>A stream, opened anew for each reading.</summary>
    /// <param name="name">What findings call it.</param>
    /// <param name="open">Opens the stream, which is read to its end and disposed.</param>
    /// <exception cref="ArgumentException">The name is null or empty, or <paramref name="open"/> is null.</exception>
    public static DocumentSource FromStream(string name, Func<Stream> open)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(open);
        return new DocumentSource(name, open);
    }

    /// <summary>A text.</summary>
    /// <param name="name">What findings call it.</param>
    /// <param name="json">The document itself.</param>
    /// <exception cref="ArgumentException">The name is null or empty, or <paramref name="json"/> is null.</exception>
    public static DocumentSource FromText(string name, string json)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(json);
        return new DocumentSource(name, text: json);
    }

    /// <summary>A resource that is embedded in an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="resource">The resource's name, with its namespace.</param>
    /// <exception cref="ArgumentException">An argument is null, or the name is empty or none of the assembly's resources.</exception>
    public static DocumentSource FromResource(Assembly assembly, string resource)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentException.ThrowIfNullOrEmpty(resource);
        if (assembly.GetManifestResourceInfo(resource) is null)
        {
            throw new ArgumentException(
                $"`{assembly.GetName().Name}` has no resource `{resource}`. Help: its resources are "
                + string.Join(", ", assembly.GetManifestResourceNames().Select(name => $"`{name}`")) + ".",
                nameof(resource));
        }

        return new DocumentSource(resource, () => assembly.GetManifestResourceStream(resource)!);
    }

    /// <summary>Reads all of it; of one that is too large, one byte more than is allowed.</summary>
    /// <exception cref="Exception">Whatever the file system or the host's stream throws.</exception>
    internal DocumentContent Read(int maxBytes)
    {
        if (_text is not null)
        {
            return new DocumentContent(_text);
        }

        using Stream stream = _open!();
        return DocumentContent.Read(stream, maxBytes);
    }

    // Whoever writes, renames or deletes the file isn't hindered: what is read half-written is read again. No pipe is waited for.
    private static FileStream OpenFile(string path) =>
        new(RegularFile.OpenRead(path, noun: "document"), FileAccess.Read, bufferSize: 0);
}
