using PolicyLayer.Compilation.Grants;
using PolicyLayer.Documents;

namespace PolicyLayer.Grants;

/// <summary>
/// Reads the grants of a JSON file, as <c>schema/grants.md</c> describes it, for a <see cref="GrantDirectory"/>. Safe for any number of
/// threads.
/// </summary>
public static class GrantDocument
{
    /// <summary>Reads a document and says all that is wrong with it.</summary>
    /// <param name="utf8Json">The document in UTF-8; a byte order mark is allowed.</param>
    /// <returns>The grants, or the findings that stand against them.</returns>
    public static GrantLoadResult Load(ReadOnlySpan<byte> utf8Json) => Load(utf8Json, null);

    /// <summary>Reads a document and says all that is wrong with it.</summary>
    /// <param name="utf8Json">The document in UTF-8; a byte order mark is allowed.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <returns>The grants, or the findings that stand against them.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static GrantLoadResult Load(ReadOnlySpan<byte> utf8Json, GrantLoadOptions? options)
    {
        options = Validated(options);
        using DocumentBytes document = DocumentBytes.Copy(utf8Json, options.MaxBytes);
        return Compile(document, options);
    }

    /// <summary>Reads a document and says all that is wrong with it.</summary>
    /// <param name="json">The document itself, not its path.</param>
    /// <returns>The grants, or the findings that stand against them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    public static GrantLoadResult Load(string json) => Load(json, null);

    /// <summary>Reads a document and says all that is wrong with it.</summary>
    /// <param name="json">The document itself, not its path.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <returns>The grants, or the findings that stand against them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static GrantLoadResult Load(string json, GrantLoadOptions? options)
    {
        ArgumentNullException.ThrowIfNull(json);
        options = Validated(options);
        using DocumentBytes? document = DocumentText.Encode(json, DocumentKind.Grants, out PolicyDiagnostic? refusal);
        return document is null ? new GrantLoadResult(null, [refusal!]) : Compile(document, options);
    }

    /// <summary>Reads a document from a file and says all that is wrong with it.</summary>
    /// <param name="path">The file; a relative path starts from the current directory.</param>
    /// <param name="options">How to read it; null for the defaults. No more of the file is read than a document may have.</param>
    /// <returns>The grants, or the findings that stand against them. A file that can't be read is an exception, never a finding.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no path; or an option is out of range.</exception>
    /// <exception cref="FileNotFoundException">The file doesn't exist.</exception>
    /// <exception cref="DirectoryNotFoundException">A folder on the path doesn't exist.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static GrantLoadResult LoadFile(string path, GrantLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options = Validated(options);
        using DocumentBytes document = DocumentBytes.ReadFile(path, options.MaxBytes);
        return Compile(document, options);
    }

    /// <summary>Reads a document that is expected to be right.</summary>
    /// <param name="utf8Json">The document in UTF-8; a byte order mark is allowed.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    public static IReadOnlyList<Grant> Parse(ReadOnlySpan<byte> utf8Json) => Parse(utf8Json, null);

    /// <summary>Reads a document that is expected to be right.</summary>
    /// <param name="utf8Json">The document in UTF-8; a byte order mark is allowed.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static IReadOnlyList<Grant> Parse(ReadOnlySpan<byte> utf8Json, GrantLoadOptions? options) => Expect(Load(utf8Json, options));

    /// <summary>Reads a document that is expected to be right.</summary>
    /// <param name="json">The document itself, not its path.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    public static IReadOnlyList<Grant> Parse(string json) => Parse(json, null);

    /// <summary>Reads a document that is expected to be right.</summary>
    /// <param name="json">The document itself, not its path.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static IReadOnlyList<Grant> Parse(string json, GrantLoadOptions? options) => Expect(Load(json, options));

    /// <summary>Reads a document from a file that is expected to be right.</summary>
    /// <param name="path">The file; a relative path starts from the current directory.</param>
    /// <param name="options">How to read it; null for the defaults. No more of the file is read than a document may have.</param>
    /// <exception cref="PolicyException">The document has an error; the exception carries all findings.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no path; or an option is out of range.</exception>
    /// <exception cref="FileNotFoundException">The file doesn't exist.</exception>
    /// <exception cref="DirectoryNotFoundException">A folder on the path doesn't exist.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static IReadOnlyList<Grant> ParseFile(string path, GrantLoadOptions? options = null) => Expect(LoadFile(path, options));

    private static GrantLoadOptions Validated(GrantLoadOptions? options)
    {
        options ??= GrantLoadOptions.Default;
        options.Validate();
        return options;
    }

    private static GrantLoadResult Compile(DocumentBytes document, GrantLoadOptions options)
    {
        (IReadOnlyList<Grant>? grants, IReadOnlyList<PolicyDiagnostic> diagnostics) = GrantsCompiler.Compile(document.Bytes, options);
        return new GrantLoadResult(grants, diagnostics);
    }

    private static IReadOnlyList<Grant> Expect(GrantLoadResult result) =>
        result.Grants ?? throw new PolicyException("grants", result.Diagnostics);
}
