using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>
/// The processes that a process has started, as they are now: once it has ended, they are known by a mark in the environment that they
/// inherited from it. Known on Linux; elsewhere there are none.
/// </summary>
internal static class ProcessTree
{
    /// <summary>All below a process, at any depth, and all that bear its mark.</summary>
    public static List<Process> Below(int processId, string mark)
    {
        List<Process> found = [];
        int[] all = [.. All()];
        ILookup<int, int> children = Children(all);
        var waiting = new Stack<int>(children[processId].Concat(all.Where(process => process != processId && Bears(process, mark))));
        var seen = new HashSet<int>();
        while (waiting.TryPop(out int child))
        {
            if (!seen.Add(child))
            {
                continue;
            }

            foreach (int next in children[child])
            {
                waiting.Push(next);
            }

            if (Open(child) is { } process)
            {
                found.Add(process);
            }
        }

        return found;
    }

    /// <summary>Whether a process still does anything: one that nobody has asked for its end code doesn't.</summary>
    public static bool IsAlive(Process process) =>
        !process.HasExited && (!OperatingSystem.IsLinux() || StateOf(process.Id) is { State: not "Z" });

    /// <summary>Ends a process at once, with all below it.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException or NotSupportedException)
        {
            // It has ended.
        }
    }

    private static IEnumerable<int> All() =>
        (OperatingSystem.IsLinux() ? Directory.EnumerateDirectories("/proc") : [])
            .Select(folder => Path.GetFileName(folder))
            .Where(name => char.IsAsciiDigit(name[0]))
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture));

    private static ILookup<int, int> Children(IEnumerable<int> all) =>
        all.Select(process => (Process: process, StateOf(process)?.Parent))
            .Where(pair => pair.Parent is not null)
            .ToLookup(pair => pair.Parent!.Value, pair => pair.Process);

    private static bool Bears(int processId, string mark)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{processId}/environ").AsSpan().IndexOf(Encoding.ASCII.GetBytes(mark)) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is somebody else's.
            return false;
        }
    }

    private static (string State, int Parent)? StateOf(int processId)
    {
        try
        {
            // PID (NAME) STATE PPID …, and a name may have anything in it.
            string text = File.ReadAllText($"/proc/{processId}/stat");
            string[] parts = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is somebody else's.
            return null;
        }
    }

    private static Process? Open(int processId)
    {
        try
        {
            var process = Process.GetProcessById(processId);

            // Takes its start down: an id that is used anew isn't it.
            _ = process.StartTime;
            return process;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
