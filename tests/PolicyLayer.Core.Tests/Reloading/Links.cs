using System.Runtime.InteropServices;
using System.Text;

namespace PolicyLayer.Tests.Reloading;

/// <summary>Swaps a link for another by one rename, as Kubernetes does it.</summary>
internal static class Links
{
    public static void Swap(string link, string target)
    {
        string next = link + "_tmp";
        File.CreateSymbolicLink(next, target);

        // .NET moves no links that lead to folders.
        Assert.Equal(0, Rename(Encoding.UTF8.GetBytes(next + '\0'), Encoding.UTF8.GetBytes(link + '\0')));
    }

    [DllImport("libc", EntryPoint = "rename", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Rename(byte[] from, byte[] to);
}
