using System.Runtime.InteropServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.Grammars;
using PolicyLayer.Grammars.Paths;
using PolicyLayer.Json.Values;
using PolicyLayer.Tests.Differential;

namespace PolicyLayer.Tests.Grammars;

/// <summary>Whatever <c>within</c> accepts, the kernel finds below the directory, where all symbolic links in it stay inside.</summary>
public sealed class KernelPathTests : IDisposable
{
    private const int MaxPath = 4096;

    /// <summary>Directories and links of the tree; a link's target stands behind the arrow.</summary>
    private static readonly string[] Tree =
    [
        "work/a/b/c", "work/d", "work/A", "work/.b", "work/..b", "work/a\\b", "work/~", "work/%2e%2e", "work/...", "work/é",
        "workshop/a", "Work/a", "work /a", "a/b", "secret/a",
        "work/a/up>..", "work/a/here>.", "work/d/down>../a/b", "work/a/b/far>../../d/down", "work/a/b/c/top>../../../..//work",
        "work/d/abs>/work/a",
    ];

    private static readonly string[] Steps =
    [
        "a", "b", "c", "d", "A", "up", "here", "down", "far", "top", "abs", "..", ".", "", "new", "work", "Work", "workshop", "secret",
        ".b", "..b",
        "a\\b", "~", "%2e%2e", "...", "é", "e\u0301", " ", "a ", "NUL", ".. ",
        "\u2025",
    ];

    private readonly string _root = Directory.CreateTempSubdirectory("policylayer-").FullName;

    public KernelPathTests()
    {
        foreach (string[] entry in Tree.Select(entry => entry.Split('>')))
        {
            string path = $"{_root}/{entry[0]}";
            if (entry is [_, string target])
            {
                Directory.CreateSymbolicLink(path, target.StartsWith('/') ? _root + target : target);
            }
            else
            {
                Directory.CreateDirectory(path);
            }
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [LinuxFact]
    public void Accepted_paths_lie_below_the_directory()
    {
        byte[][] absolute = [Encoding.UTF8.GetBytes($"{_root}/work")];
        byte[][] relative = ["."u8.ToArray()];
        string[] starts =
        [
            $"{_root}/work", $"{_root}/work/", $"/.{_root}//work/", $"{_root}/", $"{_root}/Work", $"/proc/self/root{_root}/work",
            "/", "//", "", "./", "~/",
        ];
        int accepted = 0;
        Gen<string> texts =
            from start in Gen.Elements(starts)
            from steps in Gen.Elements(Steps).ArrayOf().Resize(8)
            select start + (start.EndsWith('/') || start.Length == 0 ? "" : "/") + string.Join('/', steps);
        int count = GeneratedCases.Long ? 200_000 : 2_000;
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            bool isAbsolute = Within.Judge(utf8, GrammarRow.ListOf(absolute).Patterns) == Judgement.True;
            bool isRelative = Within.Judge(utf8, GrammarRow.ListOf(relative).Patterns) == Judgement.True;
            accepted += isAbsolute || isRelative ? 1 : 0;
            return (!isAbsolute || IsBelow(text)) && (!isRelative || IsBelow($"{_root}/work/{text}"));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(count));
        Assert.InRange(accepted, count / 20, count);
    }

    private bool IsBelow(string path) => (RealPath(path) + "/").StartsWith($"{_root}/work/", StringComparison.Ordinal);

    /// <summary>The kernel's path of the longest part that is there, and the rest as it is written: <c>realpath -m</c>.</summary>
    private static string RealPath(string path)
    {
        var real = new byte[MaxPath];
        for (int end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (realpath([.. Encoding.UTF8.GetBytes(path[..end]), 0], real) != 0)
            {
                return Encoding.UTF8.GetString(real.AsSpan(0, real.AsSpan().IndexOf((byte)0))) + path[end..];
            }
        }

        return path;
    }

    [DllImport("libc")]
    private static extern nint realpath(byte[] path, byte[] real);

    /// <summary>Skipped where there is no such kernel.</summary>
    private sealed class LinuxFactAttribute : FactAttribute
    {
        public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Needs Linux.";
    }
}
