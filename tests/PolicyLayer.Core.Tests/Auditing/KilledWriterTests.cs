using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Auditing;

/// <summary>
/// A writer that is killed at any moment leaves a log that verifies but for its torn end, has every record taken, and goes on to be signed.
/// </summary>
public sealed class KilledWriterTests
{
    private const int Writers = 8;
    private const int RoundsALog = 5;
    private const long MaxBytes = 2 * 65_536;

    [Fact]
    public async Task A_log_of_killed_writers_verifies_and_has_what_was_taken()
    {
        int records = LongTests.Choose(usual: 2_000, whenLong: 5_000);
        int logs = LongTests.Choose(usual: 1, whenLong: 40);
        var random = new Random(4_711);
        for (int log = 0; log < logs; log++)
        {
            using var folder = new LogFolder();
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await File.WriteAllTextAsync(KeyOf(folder), key.ExportPkcs8PrivateKeyPem());
            for (int round = 0; round < RoundsALog; round++)
            {
                await KillAsync(folder, round, random.Next(1, 2 * records));
                RequireWhole(folder);
            }

            await EndAsync(folder, key);
        }
    }

    private static string KeyOf(LogFolder folder) => Path.Combine(folder.Folder, "key.pem");

    // What was killed is gone on with, and all of it is signed.
    private static async Task EndAsync(LogFolder folder, ECDsa key)
    {
        using (EcdsaAuditSigner signer = EcdsaAuditSigner.FromPem("worker", key.ExportPkcs8PrivateKeyPem()))
        {
            await using JsonLinesAuditSink sink = folder.Open(options => options.Signer = signer);
            await sink.WriteAsync(LogFolder.Record("last"));
        }

        Assert.Equal("last", folder.Verify()[^1].GetProperty("tool").GetString());
        AuditPublicKeys keys = AuditPublicKeys.Parse(key.ExportSubjectPublicKeyInfoPem());
        AuditVerification found = await new AuditLogVerifier { PublicKeys = keys }.VerifyAsync(folder.Files);
        Assert.Null(found.Fault);
        Assert.Equal(found.Records, found.Signed);
    }

    private static async Task KillAsync(LogFolder folder, int round, int records)
    {
        string taken = Path.Combine(folder.Folder, $"taken-{round}");
        object[] arguments = [folder.Log, MaxBytes, Writers, taken, $"r{round}", KeyOf(folder)];
        using var worker = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "PolicyLayer.Audit.Worker"),
            arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)))!;
        try
        {
            while (!File.Exists(taken) || new FileInfo(taken).Length < 8L * records)
            {
                Assert.False(worker.HasExited);
                await Task.Delay(1);
            }
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync();
        }
    }

    private static void RequireWhole(LogFolder folder)
    {
        byte[][] files = [.. folder.Files.Select(File.ReadAllBytes)];
        files[^1] = files[^1][..(Array.LastIndexOf(files[^1], (byte)'\n') + 1)];
        HashSet<string> written = [.. LogFolder.Verify(files)
            .Where(line => line.GetProperty("kind").GetString() != "recovery")
            .Select(line => line.GetProperty("tool").GetString()!)];
        foreach (string file in Directory.GetFiles(folder.Folder, "taken-*"))
        {
            string text = File.ReadAllText(file);
            string[] names = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.DoesNotContain(names, name => !written.Contains(name));
        }
    }
}
