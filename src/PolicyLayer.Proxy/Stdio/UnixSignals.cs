using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>Signals to processes, which the framework can't send.</summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixSignals
{
    private const int SigTerm = 15;

    /// <summary>Asks a process to end. One that has ended already is none to ask.</summary>
    public static void Terminate(int processId) => _ = Kill(processId, SigTerm);

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
