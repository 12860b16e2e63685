using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>
/// The processes that a process has started, as they are now: once it has ended, nobody knows any more that they were its own. Known on
/// Linux; elsewhere there are none.
/// </summary>
internal static class ProcessTree
{
    /// <summary>All below a process, at any depth.</summary>
    public static List<Process> Below(int processId)
    {
        List<Process> found = [];
        ILookup<int, int> children = Children();
        var waiting = new Stack<int>(children[processId]);
        while (waiting.TryPop(out int child))
        {
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

    private static ILookup<int, int> Children() =>
        (OperatingSystem.IsLinux() ? Directory.EnumerateDirectories("/proc") : [])
            .Select(folder => Path.GetFileName(folder))
            .Where(name => char.IsAsciiDigit(name[0]))
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture))
            .Select(process => (Process: process, StateOf(process)?.Parent))
            .Where(pair => pair.Parent is not null)
            .ToLookup(pair => pair.Parent!.Value, pair => pair.Process);

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
