using System.Text;

namespace PolicyLayer.Grammars.Paths;

/// <summary>Names that mean something else on Windows than they say.</summary>
internal static class WindowsName
{
    public static string? FindProblem(ReadOnlySpan<byte> step)
    {
        if (step[^1] is (byte)'.' or (byte)' ')
        {
            return "Windows drops a dot or space at a step's end";
        }

        if (HasShortName(step))
        {
            return "`~` before a digit is the short name of another step on Windows";
        }

        return IsDevice(step) ? "it has the name of a device on Windows" : null;
    }

    private static bool HasShortName(ReadOnlySpan<byte> step)
    {
        int tilde;
        while ((tilde = step.IndexOf((byte)'~')) >= 0)
        {
            step = step[(tilde + 1)..];
            if (step is [>= (byte)'0' and <= (byte)'9', ..])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A device keeps its name under any extension, with spaces before it.</summary>
    private static bool IsDevice(ReadOnlySpan<byte> step)
    {
        int dot = step.IndexOf((byte)'.');
        ReadOnlySpan<byte> name = (dot < 0 ? step : step[..dot]).TrimEnd((byte)' ');
        return name.Length switch
        {
            3 => Is(name, "CON"u8) || Is(name, "PRN"u8) || Is(name, "AUX"u8) || Is(name, "NUL"u8),
            4 or 5 => (Is(name[..3], "COM"u8) || Is(name[..3], "LPT"u8)) && IsPortNumber(name[3..]),
            6 => Is(name, "CONIN$"u8) || Is(name, "CLOCK$"u8),
            7 => Is(name, "CONOUT$"u8),
            _ => false,
        };
    }

    private static bool IsPortNumber(ReadOnlySpan<byte> text) =>
        text is [>= (byte)'0' and <= (byte)'9'] || text.SequenceEqual("¹"u8) || text.SequenceEqual("²"u8) || text.SequenceEqual("³"u8);

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> device) => Ascii.EqualsIgnoreCase(name, device);
}
