using System.Buffers;
using System.Text;
using System.Text.Unicode;
using PolicyLayer.Compilation;
using PolicyLayer.DecisionTree;

namespace PolicyLayer;

/// <summary>A compiled policy document. Immutable and safe for any number of threads.</summary>
public sealed class Policy
{
    internal Policy(PolicyTree tree)
    {
        Tree = tree;
    }

    /// <summary>The policy's name: the host's, else the document's, else <c>default</c>.</summary>
    public string Name => Tree.Verdicts.Policy.Name;

    /// <summary>The SHA-256 of the document's bytes, in lower-case hexadecimal.</summary>
    public string Revision => Tree.Verdicts.Policy.Revision;

    internal PolicyTree Tree { get; }

    /// <summary>Reads a document and says all that is wrong with it.</summary>
    /// <param name="utf8Json">The document in UTF-8; a byte order mark is allowed.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <returns>A policy, or the findings that stand against one.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static PolicyLoadResult Load(ReadOnlySpan<byte> utf8Json, PolicyLoadOptions? options = null) =>
        PolicyCompiler.Compile(utf8Json, options ?? PolicyLoadOptions.Default);

    /// <summary>Reads a document that is expected to be right.</summary>
    /// <param name="utf8Json">The document in UTF-8; a byte order mark is allowed.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Policy Parse(ReadOnlySpan<byte> utf8Json, PolicyLoadOptions? options = null)
    {
        PolicyLoadResult result = Load(utf8Json, options);
        return result.Policy ?? throw new PolicyException(result.Diagnostics);
    }

    /// <summary>Reads a document that is expected to be right.</summary>
    /// <param name="json">The document.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    public static Policy Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(Encode(json));
    }

    /// <summary>Reads a document from a file that is expected to be right.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static Policy ParseFile(string path, PolicyLoadOptions? options = null) => Parse(File.ReadAllBytes(path), options);

    /// <summary>Whether <c>hide</c> names a tool: a host leaves it out of the list that it shows an agent.</summary>
    /// <param name="toolName">The tool's name.</param>
    public bool IsHidden(string toolName)
    {
        ArgumentNullException.ThrowIfNull(toolName);
        return Tree.IsHidden(toolName);
    }

    // Half of a surrogate pair ends the text with a byte that no UTF-8 has, for the reader to report at its place.
    private static ReadOnlySpan<byte> Encode(string json)
    {
        var utf8 = new byte[Encoding.UTF8.GetMaxByteCount(json.Length)];
        OperationStatus status = Utf8.FromUtf16(json, utf8, out _, out int length, replaceInvalidSequences: false);
        if (status == OperationStatus.InvalidData)
        {
            utf8[length++] = 0xFF;
        }

        return utf8.AsSpan(0, length);
    }
}
