namespace PolicyLayer.Cli.Output;

/// <summary>Shows what validation found; disposing it shows the rest.</summary>
internal interface IValidationOutput : IDisposable
{
    void Write(string file, PolicyLoadResult result);

    /// <summary>Shows why a file couldn't be read.</summary>
    void WriteUnreadable(string file, UnreadableFileException fault);
}
