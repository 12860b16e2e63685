using System.Globalization;
using PolicyLayer.Auditing;

// A process of a test, which writes a log until it is killed. Several writers at a time; each record that the sink took is taken down in a
// file, which is still there afterwards. Arguments: the log, its files' greatest length, the writers, the file, what names begin with, and
// the file of the key that signs.
using EcdsaAuditSigner signer = EcdsaAuditSigner.FromPem("worker", await File.ReadAllTextAsync(args[5]));
await using var sink = new JsonLinesAuditSink(new JsonLinesAuditSinkOptions
{
    Path = args[0],
    MaxBytes = long.Parse(args[1], CultureInfo.InvariantCulture),
    Signer = signer,
    CheckpointInterval = TimeSpan.FromMilliseconds(1),
});
using var taken = new StreamWriter(new FileStream(args[3], FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
{
    AutoFlush = true,
};
int writers = int.Parse(args[2], CultureInfo.InvariantCulture);
await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer))));

async Task WriteAsync(int writer)
{
    for (int i = 0; ; i++)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{args[4]}-{writer}-{i}");
        await sink.WriteAsync(new AuditRecord { DecisionId = "id", GrantId = "g", Tool = name, PolicyName = "p", PolicyRevision = "r" });
        lock (taken)
        {
            taken.Write(name + "\n");
        }
    }
}
