using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using PolicyLayer.Auditing;
using PolicyLayer.Tests.Regexes;

namespace PolicyLayer.Tests.Auditing.Verification;

/// <summary>What <c>schema/audit.md</c> says of checkpoints is enough to verify them with Node's own cryptography.</summary>
public sealed class NodeCheckpointTests : IDisposable
{
    private readonly LogFolder _folder = new();
    private readonly string _checkpoints;
    private readonly string _publicKey;
    private readonly EcdsaAuditSigner _signer;

    public NodeCheckpointTests()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _signer = new EcdsaAuditSigner("example.com/log", key);
        _checkpoints = Path.Combine(_folder.Folder, "audit.checkpoints");
        _publicKey = Path.Combine(_folder.Folder, "audit.pub");
        File.WriteAllText(_publicKey, key.ExportSubjectPublicKeyInfoPem());
    }

    public void Dispose()
    {
        _signer.Dispose();
        _folder.Dispose();
    }

    [NodeFact]
    public async Task A_signed_log_is_good_after_each_of_its_checkpoints()
    {
        int signed = 0;
        foreach (int count in (int[])[1, 1, 1, 2, 8, 20])
        {
            await WriteAsync(count);
            signed += count;
            Assert.Equal((0, signed, signed, null), await NodeAsync());
        }
    }

    [NodeFact]
    public async Task What_was_changed_is_found()
    {
        await WriteAsync(7);
        string[] lines = await File.ReadAllLinesAsync(_folder.Log);
        string note = await File.ReadAllTextAsync(_checkpoints);

        string changed = lines[3].Replace("\"id\"", "\"ie\"", StringComparison.Ordinal);
        await ChangeAsync(_folder.Log, MadeLog.Text([.. lines[..3], changed, .. lines[4..]]));
        Assert.Equal((1, 3, 0, "changed"), await NodeAsync());
        await ChangeAsync(_folder.Log, MadeLog.Text(MadeLog.Lines(7)));
        Assert.Equal((1, 7, 0, "written anew"), await NodeAsync());
        await ChangeAsync(_folder.Log, MadeLog.Text(lines[..6]));
        Assert.Equal((1, 6, 0, "cut off"), await NodeAsync());

        await ChangeAsync(_folder.Log, MadeLog.Text(lines));
        await ChangeAsync(_checkpoints, note.Replace("\n7\n", "\n6\n", StringComparison.Ordinal));
        Assert.Equal((1, 7, 0, "not signed"), await NodeAsync());
        await ChangeAsync(_checkpoints, note.Replace("\u2014 example.com/log", "\u2014 example.com/lag", StringComparison.Ordinal));
        Assert.Equal((1, 7, 0, "signed by another"), await NodeAsync());
        await ChangeAsync(_checkpoints, note[..note.IndexOf('\u2014', StringComparison.Ordinal)]);
        Assert.Equal((1, 7, 0, "not of the form"), await NodeAsync());
        await ChangeAsync(_checkpoints, note);
        Assert.Equal((0, 7, 7, null), await NodeAsync());
    }

    private static Task ChangeAsync(string file, string text) => File.WriteAllTextAsync(file, text);

    private async Task WriteAsync(int count)
    {
        await using JsonLinesAuditSink sink = _folder.Open(options => options.Signer = _signer);
        for (int i = 0; i < count; i++)
        {
            await sink.WriteAsync(LogFolder.Record());
        }
    }

    private async Task<(int ExitCode, int Records, int Signed, string? Fault)> NodeAsync()
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Auditing", "Verification", "verify-log.mjs");
        string[] args = [script, "--public-key", _publicKey, _checkpoints, _folder.Log];
        using Process node = Process.Start(new ProcessStartInfo("node", args) { RedirectStandardOutput = true })!;
        JsonElement answer = JsonDocument.Parse(await node.StandardOutput.ReadToEndAsync()).RootElement;
        await node.WaitForExitAsync();
        string? fault = answer.TryGetProperty("fault", out JsonElement found) ? found.GetString() : null;
        return (node.ExitCode, answer.GetProperty("records").GetInt32(), answer.GetProperty("signed").GetInt32(), fault);
    }
}
