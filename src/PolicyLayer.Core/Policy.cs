using System.Diagnostics;
using PolicyLayer.Compilation;
using PolicyLayer.DecisionTree;
using PolicyLayer.Documents;
using PolicyLayer.Text;

namespace PolicyLayer;

/// <summary>A compiled policy document. Immutable and safe for any number of threads.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Policy
{
    /// <summary>What to do where two policies have one name.</summary>
    internal const string HelpForName =
        "Help: give each a name of its own, by `name` in its document or by `PolicyLoadOptions.Name`; without both it is `default`.";

    internal Policy(PolicyTree tree)
    {
        Tree = tree;
    }

    /// <summary>The policy's name: the host's, else the document's, else <c>default</c>.</summary>
    public string Name => Tree.Verdicts.Policy.Name;

    /// <summary>The SHA-256 of the document's bytes, in lower-case hexadecimal.</summary>
    public string Revision => Tree.Verdicts.Policy.Revision;

    /// <summary>
    /// Whether a call may have to wait for the approval of a person: an entry says so, or has rules that may. Without one, no request for
    /// approval is ever stored.
    /// </summary>
    public bool MayRequireApproval => Tree.AsksApproval;

    internal PolicyTree Tree { get; }

    /// <summary>Reads a document and says all that is wrong with it.</summary>
    /// <param name="utf8Json">The document in UTF-8; a byte order mark is allowed.</param>
    /// <returns>A policy, or the findings that stand against one.</returns>
    public static PolicyLoadResult Load(ReadOnlySpan<byte> utf8Json) => Load(utf8Json, null);

    /// <summary>Reads a document and says all that is wrong with it.</summary>
    /// <param name="utf8Json">The document in UTF-8; a byte order mark is allowed.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <returns>A policy, or the findings that stand against one.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static PolicyLoadResult Load(ReadOnlySpan<byte> utf8Json, PolicyLoadOptions? options)
    {
        options = Validated(options);
        using DocumentBytes document = DocumentBytes.Copy(utf8Json, options.MaxBytes);
        return Compile(document, options);
    }

    /// <summary>Reads a document and says all that is wrong with it.</summary>
    /// <param name="json">The document itself, not its path.</param>
    /// <returns>A policy, or the findings that stand against one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    public static PolicyLoadResult Load(string json) => Load(json, null);

    /// <summary>Reads a document and says all that is wrong with it.</summary>
    /// <param name="json">The document itself, not its path.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <returns>A policy, or the findings that stand against one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static PolicyLoadResult Load(string json, PolicyLoadOptions? options)
    {
        ArgumentNullException.ThrowIfNull(json);
        options = Validated(options);
        using DocumentBytes? document = DocumentText.Encode(json, DocumentKind.Policy, out PolicyDiagnostic? refusal);
        return document is null ? new PolicyLoadResult(null, [refusal!]) : Compile(document, options);
    }

    /// <summary>Reads a document from a file and says all that is wrong with it.</summary>
    /// <param name="path">The file; a relative path starts from the current directory.</param>
    /// <param name="options">How to read it; null for the defaults. No more of the file is read than a document may have.</param>
    /// <returns>A policy, or the findings that stand against one. A file that can't be read is an exception, never a finding.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no path; or an option is out of range.</exception>
    /// <exception cref="FileNotFoundException">The file doesn't exist.</exception>
    /// <exception cref="DirectoryNotFoundException">A folder on the path doesn't exist.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static PolicyLoadResult LoadFile(string path, PolicyLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options = Validated(options);
        using DocumentBytes document = DocumentBytes.ReadFile(path, options.MaxBytes);
        return Compile(document, options);
    }

    /// <summary>Reads a document that is expected to be right.</summary>
    /// <param name="utf8Json">The document in UTF-8; a byte order mark is allowed.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    public static Policy Parse(ReadOnlySpan<byte> utf8Json) => Parse(utf8Json, null);

    /// <summary>Reads a document that is expected to be right.</summary>
    /// <param name="utf8Json">The document in UTF-8; a byte order mark is allowed.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Policy Parse(ReadOnlySpan<byte> utf8Json, PolicyLoadOptions? options) => Expect(Load(utf8Json, options));

    /// <summary>Reads a document that is expected to be right.</summary>
    /// <param name="json">The document itself, not its path.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    public static Policy Parse(string json) => Parse(json, null);

    /// <summary>Reads a document that is expected to be right.</summary>
    /// <param name="json">The document itself, not its path.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Policy Parse(string json, PolicyLoadOptions? options) => Expect(Load(json, options));

    /// <summary>Reads a document from a file that is expected to be right.</summary>
    /// <param name="path">The file; a relative path starts from the current directory.</param>
    /// <param name="options">How to read it; null for the defaults. No more of the file is read than a document may have.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no path; or an option is out of range.</exception>
    /// <exception cref="FileNotFoundException">The file doesn't exist.</exception>
    /// <exception cref="DirectoryNotFoundException">A folder on the path doesn't exist.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static Policy ParseFile(string path, PolicyLoadOptions? options = null) => Expect(LoadFile(path, options));

    private static PolicyLoadOptions Validated(PolicyLoadOptions? options)
    {
        options ??= PolicyLoadOptions.Default;
        options.Validate();
        return options;
    }

    private static PolicyLoadResult Compile(DocumentBytes document, PolicyLoadOptions options)
    {
        (PolicyTree? tree, IReadOnlyList<PolicyDiagnostic> diagnostics) = PolicyCompiler.Compile(document.Bytes, options);
        return new PolicyLoadResult(tree is null ? null : new Policy(tree), diagnostics);
    }

    private static Policy Expect(PolicyLoadResult result) => result.Policy ?? throw new PolicyException("policy", result.Diagnostics);

    /// <summary>The name, shortened, and the first 12 digits of the revision.</summary>
    public override string ToString() => $"{Quoted.Of(Name)} {Revision[..12]}";
}
