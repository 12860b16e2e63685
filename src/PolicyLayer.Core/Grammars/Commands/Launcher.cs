using System.Text;

namespace PolicyLayer.Grammars.Commands;

/// <summary>Programs that run what they are given. There are many more: these are the ones that lists of commands have.</summary>
internal static class Launcher
{
    /// <summary>They take a program's name and its words.</summary>
    private static readonly HashSet<string> Wrappers = new(StringComparer.Ordinal)
    {
        "env", "xargs", "parallel", "sudo", "doas", "su", "nohup", "nice", "ionice", "timeout", "stdbuf", "setsid", "watch", "command",
        "exec", "eval", "builtin", "chroot", "unshare", "nsenter", "strace", "ltrace", "busybox", "toybox", "ssh", "npx", "uvx",
    };

    /// <summary>Of these, their first word says where or as whom the program runs.</summary>
    private static readonly HashSet<string> PlaceTakers = new(StringComparer.Ordinal) { "su", "ssh", "chroot", "nsenter" };

    /// <summary>They take a program, its file's name, or read it from what is piped to them.</summary>
    private static readonly HashSet<string> Interpreters = new(StringComparer.Ordinal)
    {
        "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "pwsh", "powershell", "cmd", "python", "perl", "ruby", "node", "nodejs",
        "deno", "bun", "php", "lua", "tclsh", "awk", "gawk", "mawk", "nawk", "osascript", "source", ".",
    };

    /// <summary>They take a program in an option.</summary>
    private static readonly HashSet<string> WithOptions = new(StringComparer.Ordinal) { "find", "tar", "rsync" };

    /// <summary>They run what files, options or their own commands name: <c>git submodule foreach</c>, <c>dotnet x.dll</c>.</summary>
    private static readonly HashSet<string> Runners = new(StringComparer.Ordinal)
    {
        "git", "dotnet", "msbuild", "npm", "yarn", "pnpm", "pip", "uv", "make", "cmake", "ninja", "go", "cargo", "mvn", "gradle", "docker",
        "podman", "kubectl", "terraform", "ansible", "vim", "vi", "man", "less",
    };

    /// <summary>They leave the directory below which <c>./*</c> names everything; alone they go home.</summary>
    private static readonly HashSet<string> DirectoryChangers = new(StringComparer.Ordinal) { "cd", "pushd" };

    private static readonly HashSet<string> ProgramOptions = new(StringComparer.Ordinal)
    {
        "-c", "-e", "-r", "-p", "-E", "--eval", "--command",
    };

    /// <summary>The program by which a pattern takes any other, or leaves the directory; null for a pattern that does neither.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="readsPipes">Whether what stands before <c>|</c> may be its input.</param>
    public static string? Of(ReadOnlySpan<byte> pattern, bool readsPipes)
    {
        if (CommandPattern.FindProblem(pattern) is not null)
        {
            return null;
        }

        var words = new CommandPattern(pattern);
        string? program = null;
        bool isSingle = true;
        bool asksProgram = false;
        string option = "";
        while (words.MoveNextWord())
        {
            string word = Read(ref words);
            if (program is null)
            {
                program = word[(word.LastIndexOf('/') + 1)..];
                continue;
            }

            // A plain word is the program that is meant; numbers, assignments and who or where it runs as may stand before one.
            bool isBefore = word is ['-' or (>= '0' and <= '9'), ..]
                || word.Contains('=', StringComparison.Ordinal)
                || PlaceTakers.Contains(program)
                || TakesWord(program, option);
            option = word;
            if (!isBefore)
            {
                return null;
            }

            isSingle = false;
            asksProgram |= ProgramOptions.Contains(word);
        }

        if (program is null || DirectoryChangers.Contains(program))
        {
            return program;
        }

        return TakesAny(WithoutVersion(program), words.Further, asksProgram, readsPipes && isSingle) ? program : null;
    }

    private static bool TakesWord(string program, string option) =>
        Wrappers.Contains(program) && option is ("-u" or "-g" or "-U" or "--user" or "--group" or "--unset");

    /// <summary>Whether what <see cref="Of"/> returned changes the directory.</summary>
    public static bool ChangesDirectory(string program) => DirectoryChangers.Contains(program);

    private static bool TakesAny(string program, FurtherWords further, bool asksProgram, bool readsInput) => further switch
    {
        FurtherWords.None => readsInput && Interpreters.Contains(program),
        FurtherWords.RelativePaths => Wrappers.Contains(program) || (asksProgram && Interpreters.Contains(program)),
        FurtherWords.Operands => Wrappers.Contains(program) || Interpreters.Contains(program) || Runners.Contains(program),
        _ => Wrappers.Contains(program) || Interpreters.Contains(program) || Runners.Contains(program) || WithOptions.Contains(program),
    };

    /// <summary><c>python3.12</c> is <c>python</c>.</summary>
    private static string WithoutVersion(string program)
    {
        string name = program.TrimEnd('.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return name.Length == 0 ? program : name;
    }

    private static string Read(ref CommandPattern words)
    {
        var text = new StringBuilder();
        for (int next; (next = words.ReadCodePoint()) != ICommandWords.EndOfWord;)
        {
            text.Append(new Rune(next).ToString());
        }

        return text.ToString();
    }
}
