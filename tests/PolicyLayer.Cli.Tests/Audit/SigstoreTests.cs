using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PolicyLayer.Tests.Cli.Audit;

/// <summary>What the tool prints as proof convinces a verifier that others wrote: the npm package <c>@sigstore/verify</c>.</summary>
public sealed class SigstoreTests : IDisposable
{
    private readonly SignedLog _log = new();

    public void Dispose() => _log.Dispose();

    [SigstoreFact]
    public async Task Every_record_of_a_log_of_any_size_is_accepted()
    {
        var proofs = new StringBuilder();
        int size = 0;
        foreach (int next in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 33])
        {
            await _log.WriteAsync(next - size);
            size = next;
            for (int number = 1; number <= size; number++)
            {
                proofs.Append(await ProveAsync(number));
            }
        }

        string[] answers = await JudgeAsync(proofs.ToString());

        Assert.Equal(126, answers.Length);
        Assert.All(answers, answer => Assert.Equal("accepted", answer));
    }

    [SigstoreFact]
    public async Task What_was_changed_is_refused()
    {
        await _log.WriteAsync(11);
        string proof = await ProveAsync(4);
        string[] text = _log.LatestNote().Split('\n');
        await _log.WriteAsync(1);
        string otherRoot = Convert.ToBase64String(SHA256.HashData("x"u8));
        string[] notes =
        [
            string.Join('\n', [text[0], "12", .. text[2..]]),
            string.Join('\n', [text[0], text[1], otherRoot, .. text[3..]]),
            _log.LatestNote(),
            await _log.SignAsync($"{text[0]}\n4\n{text[2]}\n"),
            await _log.SignAsync($"{text[0]}\n{text[1]}\n{otherRoot}\n"),
            string.Join('\n', [.. text[..^2], text[^2][..^12] + (text[^2][^12] == 'A' ? 'B' : 'A') + text[^2][^11..], ""]),
        ];
        string[] changed =
        [
            .. notes.Select(note => With(proof, "checkpoint", note)),
            With(proof, "record", _log.Lines[3].Replace("id4", "id5", StringComparison.Ordinal)),
            With(proof, "record", _log.Lines[4]),
            With(proof, "index", 4),
            With(proof, "index", 11),
            With(proof, "hashes", Hashes(proof, hashes => hashes[1] = otherRoot)),
            With(proof, "hashes", Hashes(proof, hashes => hashes.RemoveAt(0))),
            With(proof, "hashes", Hashes(proof, hashes => hashes.Add(otherRoot))),
        ];

        string[] answers = await JudgeAsync(proof + string.Concat(changed.Select(line => line + "\n")));

        const string Signature = "refused: invalid checkpoint signature";
        const string Count = "refused: invalid hash count";
        const string Root = "refused: calculated root hash does not match inclusion proof";
        Assert.Equal(
            [
                "accepted", Signature, Signature, Root, Count, Root, Signature, Root, Root, Root, "refused: invalid index: 11", Root, Count,
                Count,
            ],
            answers);
    }

    [SigstoreFact]
    public async Task Another_key_or_another_log_is_refused()
    {
        await _log.WriteAsync(3);
        string proof = await ProveAsync(2);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string key = _log.WriteText("other.pub", other.ExportSubjectPublicKeyInfoPem());

        Assert.Equal(["accepted"], await JudgeAsync(proof));
        Assert.Equal(["refused: invalid checkpoint signature"], await JudgeAsync(proof, key: key));
        Assert.Equal(["refused: invalid checkpoint signature"], await JudgeAsync(proof, origin: "example.com/other"));
    }

    private static string With(string proof, string name, JsonNode value)
    {
        JsonNode changed = JsonNode.Parse(proof)!;
        changed[name] = value;
        return changed.ToJsonString();
    }

    private static JsonArray Hashes(string proof, Action<JsonArray> change)
    {
        JsonArray hashes = JsonNode.Parse(proof)!["hashes"]!.DeepClone().AsArray();
        change(hashes);
        return hashes;
    }

    private async Task<string> ProveAsync(int number)
    {
        Command run = await Command.RunAsync("audit", "proof", _log.Log, number.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        return run.Output;
    }

    private async Task<string[]> JudgeAsync(string proofs, string origin = SignedLog.Origin, string? key = null)
    {
        string script = Path.Combine(SigstoreFactAttribute.Folder, "verify-proofs.mjs");
        using Process node = Process.Start(new ProcessStartInfo("node", [script, origin, key ?? _log.PublicKey])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
        })!;
        await node.StandardInput.WriteAsync(proofs);
        node.StandardInput.Close();
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
