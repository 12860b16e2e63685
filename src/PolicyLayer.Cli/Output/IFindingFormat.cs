namespace PolicyLayer.Cli.Output;

/// <summary>Writes what is wrong with a document as a line that another program reads.</summary>
internal interface IFindingFormat
{
    string Of(string file, PolicyDiagnostic finding);

    /// <summary>Of a file that can't be read.</summary>
    string Of(string file, string message);
}
