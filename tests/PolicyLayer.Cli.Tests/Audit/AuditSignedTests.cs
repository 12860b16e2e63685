using System.Security.Cryptography;
using System.Text.Json;
using PolicyLayer.Cli.Audit;
using PolicyLayer.Tests.Auditing.Verification;

namespace PolicyLayer.Tests.Cli.Audit;

/// <summary><c>audit verify --public-key</c>, and <c>check --audit-key</c>, which signs.</summary>
public sealed class AuditSignedTests : IDisposable
{
    private readonly SignedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task It_says_how_many_are_signed()
    {
        await _log.WriteAsync(5);
        string head = MadeLog.HashOf(_log.Lines[^1]);
        Assert.Equal(new Command(0, $"Good: 5 records, all signed, head {head}\n", ""), await VerifyAsync());
        Assert.Equal(new Command(0, $"{{\"ok\":true,\"records\":5,\"head\":\"{head}\",\"signed\":5}}\n", ""), await VerifyAsync("--json"));
        const string NotLookedAt =
            "There are checkpoints beside the log, which weren't looked at. Help: `--public-key PEM` verifies them too.\n";
        Assert.Equal(
            new Command(0, $"Good: 5 records, head {head}\n", NotLookedAt), await Command.RunAsync("audit", "verify", _log.Log));

        await _log.WriteAsync(2, isSigned: false);
        head = MadeLog.HashOf(_log.Lines[^1]);
        Assert.Equal(new Command(0, $"Good: 7 records, signed up to number 5, head {head}\n", ""), await VerifyAsync());
        Assert.Equal(new Command(0, $"{{\"ok\":true,\"records\":7,\"head\":\"{head}\",\"signed\":5}}\n", ""), await VerifyAsync("--json"));
    }

    [Fact]
    public async Task Files_before_may_be_gone_and_keys_may_be_several()
    {
        await _log.WriteAsync(5);
        string after = MadeLog.HashOf(_log.Lines[^1]);
        File.Move(_log.Log, _log.Folder.In("audit.000001.jsonl"));
        await _log.WriteAsync(3);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string keys = _log.WriteText(
            "keys.pub", $"{other.ExportSubjectPublicKeyInfoPem()}\n{await File.ReadAllTextAsync(_log.PublicKey)}\n");

        Command run = await Command.RunAsync("audit", "verify", _log.Log, "--after", after, "--public-key", keys, "--json");

        Assert.Equal((0, 3, 8), (run.ExitCode, Number(run, "records"), Number(run, "signed")));
    }

    [Theory]
    [InlineData("checkpoints_missing", 0)]
    [InlineData("no_checkpoint", 4)]
    [InlineData("signature_differs", 0)]
    [InlineData("checkpoint_differs", 0)]
    [InlineData("cut_off", 4)]
    [InlineData("tree_unknown", 0)]
    public async Task What_is_wrong_with_checkpoints_is_named(string reason, int signed)
    {
        await _log.WriteAsync(4);
        string after = MadeLog.NoHash;
        string file = _log.Checkpoints;
        switch (reason)
        {
            case "checkpoints_missing":
                File.Delete(_log.Checkpoints);
                break;
            case "no_checkpoint":
                await File.AppendAllTextAsync(_log.Checkpoints, "\nnonsense\n");
                break;
            case "signature_differs":
                string note = await File.ReadAllTextAsync(_log.Checkpoints);
                string changed = note[^12] == 'A' ? "B" : "A";
                await File.WriteAllTextAsync(_log.Checkpoints, note[..^12] + changed + note[^11..]);
                break;
            case "checkpoint_differs":
                _log.Folder.Write(MadeLog.Lines(4));
                break;
            case "cut_off":
                await _log.WriteAsync(1);
                _log.Folder.Write(_log.Lines[..^1]);
                break;
            default:
                after = MadeLog.HashOf(_log.Lines[^1]);
                File.Move(_log.Log, _log.Folder.In("audit.000001.jsonl"));
                await _log.WriteAsync(2);
                await File.WriteAllTextAsync(_log.Checkpoints, _log.LatestNote());
                break;
        }

        string[] options = after == MadeLog.NoHash ? [] : ["--after", after];
        Command run = await VerifyAsync([.. options, "--json"]);
        Assert.Equal((1, "", signed), (run.ExitCode, run.Error, Number(run, "signed")));
        JsonElement fault = run.Lines.Single().GetProperty("fault");
        Assert.Equal((reason, file), (fault.GetProperty("reason").GetString(), fault.GetProperty("file").GetString()));
        run = await VerifyAsync(options);
        string line = fault.GetProperty("line").GetInt64() is > 0 and var number ? $"({number})" : "";
        Assert.Equal(new Command(1, $"{file}{line}: {fault.GetProperty("message").GetString()}\n", ""), run);
        Assert.Equal(reason == "checkpoints_missing", line.Length == 0);
    }

    [Theory]
    [InlineData("--public-key")]
    [InlineData("--audit-key")]
    public async Task What_is_no_key_for_it_ends_the_command_and_is_not_quoted(string option)
    {
        await _log.WriteAsync(1);
        using ECDsa large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using ECDsa small = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        bool isPublic = option == "--public-key";
        string log = isPublic ? _log.Log : _log.Folder.In("other.jsonl");
        string[] texts =
        [
            "", "SECRET", "-----BEGIN PUBLIC KEY-----\nSECR\n-----END PUBLIC KEY-----\n",
            isPublic ? _log.PrivatePem : small.ExportSubjectPublicKeyInfoPem(),
            isPublic ? small.ExportECPrivateKeyPem() : _log.PrivatePem + _log.PrivatePem,
            isPublic ? large.ExportSubjectPublicKeyInfoPem() : large.ExportPkcs8PrivateKeyPem(),
            small.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)),
            new string('x', 65_537),
        ];
        string[] files = [.. texts.Select((text, i) => _log.WriteText($"{i}.pem", text))];
        foreach (string file in (string[])[.. files, _log.Folder.In("SECRET"), _log.Folder.Path, _log.PrivatePem])
        {
            Command run = isPublic
                ? await Command.RunAsync("audit", "verify", log, option, file)
                : await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--audit", log, option, file);

            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.Contains($"`{option}`", run.Error, StringComparison.Ordinal);
            Assert.All((string[])["SECR", "BEGIN", _log.PrivatePem[40..60], "xxx"], part =>
                Assert.DoesNotContain(part, run.Error, StringComparison.Ordinal));
            Assert.Equal(1, run.Error.Count(c => c == '\n'));
        }

        Assert.Equal(isPublic, File.Exists(log));
        Command mistaken = await Command.RunAsync("audit", "verify", _log.Log, "--public-key", _log.PrivateKey);
        Assert.Equal(
            "The file of `--public-key` holds a private key, which nobody needs who verifies. "
            + "Help: `openssl pkey -pubout -in PRIVATE` prints the public key of a private one.\n",
            mistaken.Error);
    }

    [Fact]
    public async Task The_checkpoint_on_the_page_signs_the_lines_on_the_page()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "schema", "audit.md"));
        string[] blocks = [.. page.Split("```").Where((_, i) => i % 2 == 1)];
        _log.WriteText("audit.jsonl", blocks.First(block => block.StartsWith("jsonl\n", StringComparison.Ordinal))["jsonl\n".Length..]);
        _log.WriteText("audit.checkpoints", blocks.Single(block => block.Contains('\u2014', StringComparison.Ordinal))["text\n".Length..]);
        string key = blocks.Single(block => block.Contains("PUBLIC KEY", StringComparison.Ordinal))["text\n".Length..];

        Command run = await Command.RunAsync("audit", "verify", _log.Log, "--public-key", _log.WriteText("page.pub", key), "--json");

        Assert.Equal((0, 3), (run.ExitCode, Number(run, "signed")));
    }

    [Fact]
    public async Task Check_signs_what_it_writes()
    {
        string log = _log.Folder.In("my log+1.jsonl");
        string[] line = ["check", Command.Stellify, "--tool", "run_code", "--repeat", "3", "--audit", log, "--audit-key", _log.PrivateKey];

        Assert.Equal(0, (await Command.RunAsync(line)).ExitCode);
        Assert.Equal(0, (await Command.RunAsync(line)).ExitCode);

        Command run = await Command.RunAsync("audit", "verify", log, "--public-key", _log.PublicKey, "--json");
        Assert.Equal((0, 6, 6), (run.ExitCode, Number(run, "records"), Number(run, "signed")));
        string[] notes = await File.ReadAllLinesAsync(_log.Folder.In("my log+1.checkpoints"));
        Assert.Equal(["policylayer/my-log-1", "3"], notes[..2]);
        Assert.Equal(2, notes.Count(text => text == "policylayer/my-log-1"));
        Assert.Equal(2, notes.Count(text => text.StartsWith("\u2014 policylayer/my-log-1 ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Check_refuses_checkpoints_of_another_log()
    {
        await _log.WriteAsync(1);

        Command run = await Command.RunAsync(
            "check", Command.Stellify, "--tool", "run_code", "--audit", _log.Log, "--audit-key", _log.PrivateKey);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("another origin", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_without_a_log_is_refused()
    {
        Command run = await Command.RunAsync("check", Command.Stellify, "--tool", "run_code", "--audit-key", _log.PrivateKey);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("`--audit-key` signs a log: name it with `--audit`.\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b/audit.jsonl", "policylayer/audit")]
    [InlineData("audit", "policylayer/audit")]
    [InlineData("A.b_c-9.jsonl", "policylayer/A.b_c-9")]
    [InlineData("ä +\n😀$.jsonl", "policylayer/-------")]
    [InlineData(".jsonl", "policylayer/")]
    public void An_origin_is_the_logs_name_without_what_origins_may_not_have(string file, string origin) =>
        Assert.Equal(origin, LogOrigin.Of(file));

    [Fact]
    public void An_origin_is_never_too_long() =>
        Assert.Equal("policylayer/" + new string('n', 243), LogOrigin.Of(new string('n', 300) + ".jsonl"));

    private static long Number(Command run, string name) => run.Lines.Single().GetProperty(name).GetInt64();

    private Task<Command> VerifyAsync(params string[] options) =>
        Command.RunAsync(["audit", "verify", _log.Log, "--public-key", _log.PublicKey, .. options]);
}
