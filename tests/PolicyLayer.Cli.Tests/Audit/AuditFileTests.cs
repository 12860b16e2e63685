using System.Diagnostics;
using System.Net.Sockets;
using PolicyLayer.Tests.Auditing.Verification;

namespace PolicyLayer.Tests.Cli.Audit;

/// <summary>A log is a regular file: nothing else is waited for, or read without end.</summary>
public sealed class AuditFileTests : IDisposable
{
    private static readonly string[] Commands = ["verify", "head", "stats", "export", "tail"];

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public async Task A_pipe_is_refused_and_not_waited_for()
    {
        string pipe = _folder.In("pipe.jsonl");
        using (Process made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync();
        }

        await RefusedAsync(pipe, $"`{pipe}` is a pipe, and a log is a regular file.\n");
        string link = _folder.In("link.jsonl");
        File.CreateSymbolicLink(link, pipe);
        await RefusedAsync(link, $"`{link}` is a pipe, and a log is a regular file.\n");
    }

    [UnixFact]
    public async Task A_device_is_refused_and_not_read()
    {
        foreach (string device in (string[])["/dev/zero", "/dev/null"])
        {
            await RefusedAsync(device, $"`{device}` is a device, and a log is a regular file.\n");
        }
    }

    [UnixFact]
    public async Task A_socket_is_refused()
    {
        string path = _folder.In("socket");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));

        await RefusedAsync(path, $"`{path}` is a socket, and a log is a regular file.\n");
    }

    [UnixFact]
    public async Task A_log_is_found_through_a_link()
    {
        string link = _folder.In("link.jsonl");
        File.CreateSymbolicLink(link, _folder.Write(MadeLog.Lines(3)));

        foreach (string command in Commands)
        {
            Assert.Equal(0, (await Command.RunAsync("audit", command, link)).ExitCode);
        }
    }

    // Code that waits for a pipe, or reads a device without end, must not keep the tests from ending.
    private static async Task RefusedAsync(string file, string message)
    {
        foreach (string command in Commands)
        {
            Command run = await Task.Run(() => Command.RunAsync("audit", command, file)).WaitAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(new Command(2, "", message), run);
        }
    }
}
