using PolicyLayer.Auditing;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Audit;

/// <summary>Opens the log that a run writes.</summary>
internal static class AuditFile
{
    // A client that looks what a server is may start it once more, and end it a moment later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    /// <summary>What signs the log; null where nothing does.</summary>
    /// <exception cref="CommandException">The key can't be read, or is none.</exception>
    public static EcdsaAuditSigner? SignerOf(AuditPlace? place) =>
        place is { Key: { } key } ? KeyFile.ReadSigner("--audit-key", key, LogOrigin.Of(place.File)) : null;

    /// <exception cref="CommandException">It can't be opened, or isn't a log that can be gone on with.</exception>
    public static JsonLinesAuditSink Open(AuditPlace place, PolicyLayerKeys? keys, EcdsaAuditSigner? signer)
    {
        try
        {
            return OpenSink(place, keys, signer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Explain(e, place.File);
        }
    }

    /// <summary>Opens it once another writer is gone, if that is soon.</summary>
    /// <exception cref="CommandException">It can't be opened, or isn't a log that can be gone on with.</exception>
    public static async Task<JsonLinesAuditSink> OpenInTurnAsync(
        AuditPlace place, PolicyLayerKeys? keys, EcdsaAuditSigner? signer, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return OpenSink(place, keys, signer);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                if (!MayBeHeld(e) || time.GetElapsedTime(start) >= Patience)
                {
                    throw Explain(e, place.File);
                }
            }

            await Task.Delay(BetweenTries, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // A file that another has is an error without a type of its own.
    private static bool MayBeHeld(Exception e) => e.GetType() == typeof(IOException);

    private static JsonLinesAuditSink OpenSink(AuditPlace place, PolicyLayerKeys? keys, EcdsaAuditSigner? signer) =>
        new(new JsonLinesAuditSinkOptions
        {
            Path = place.File,
            Keys = keys,
            Signer = signer,
            MaxBytes = place.MaxBytes,
            Keep = place.Keep,
        });

    private static CommandException Explain(Exception e, string file) => e is AuditLogException
        ? new CommandException(PlainTable.OneLine(e.Message))
        : new CommandException($"The audit file `{PlainTable.OneLine(file)}` can't be opened: {PlainTable.OneLine(e.Message)}");
}
