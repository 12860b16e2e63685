namespace PolicyLayer.Proxy;

/// <summary>
/// The command that starts a server which speaks over standard input and output. It gets the host's environment without the variables
/// <c>POLICYLAYER_…</c>, and with <c>MCP_PROXY_CHILD</c>, by which all that it starts is found at its end. Immutable.
/// </summary>
public sealed class UpstreamCommand
{
    /// <summary>Names a command.</summary>
    /// <param name="fileName">The program, found as the system finds programs.</param>
    /// <param name="arguments">Its arguments, each handed over as it is; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="fileName"/> is null or empty, or an argument is null.</exception>
    public UpstreamCommand(string fileName, IEnumerable<string>? arguments = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        FileName = fileName;
        Arguments = Array.AsReadOnly<string>([.. arguments ?? []]);
        if (Arguments.Contains(null))
        {
            throw new ArgumentException("An argument is null.", nameof(arguments));
        }
    }

    /// <summary>The program.</summary>
    public string FileName { get; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>The program's name alone: arguments may hold secrets.</summary>
    public override string ToString() => FileName;
}
