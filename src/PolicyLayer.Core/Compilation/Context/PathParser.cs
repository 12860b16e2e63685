using System.Globalization;
using System.Text;
using System.Text.Json;
using PolicyLayer.DecisionTree.Paths;

namespace PolicyLayer.Compilation.Context;

/// <summary>Parses a path: a root, then steps <c>.name</c>, <c>["name"]</c>, <c>[0]</c> and <c>[*]</c>.</summary>
internal ref struct PathParser
{
    private readonly ReadOnlySpan<char> _text;
    private int _position;
    private string? _problem;

    private PathParser(ReadOnlySpan<char> text)
    {
        _text = text;
    }

    /// <summary>The path, or what is wrong with it and where.</summary>
    public static PolicyPath? Parse(string text, out string? problem)
    {
        var parser = new PathParser(text);
        PolicyPath? path = parser.Parse();
        problem = parser._problem is null
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{parser._problem} at character {parser._position + 1}");
        return problem is null ? path : null;
    }

    private PolicyPath? Parse()
    {
        PathRoot? root = ParseRoot();
        if (root is null)
        {
            _problem = "a path begins with `args`, `grant`, `context`, `call` or `time`, expected";
            return null;
        }

        var steps = new List<PathStep>();
        while (_position < _text.Length && _problem is null)
        {
            if (ParseStep() is { } step)
            {
                steps.Add(step);
            }
        }

        if (steps.Count == 0 && _problem is null)
        {
            _problem = "a path needs a step such as `.name`, expected";
        }

        return new PolicyPath(root.Value, [.. steps]);
    }

    private PathRoot? ParseRoot()
    {
        int end = _text.IndexOfAny('.', '[');
        ReadOnlySpan<char> name = end < 0 ? _text : _text[..end];
        PathRoot? root = name switch
        {
            "args" => PathRoot.Arguments,
            "grant" => PathRoot.Grant,
            "context" => PathRoot.Context,
            "call" => PathRoot.Call,
            "time" => PathRoot.Time,
            _ => null,
        };
        _position = root is null ? 0 : name.Length;
        return root;
    }

    private PathStep? ParseStep()
    {
        if (_text[_position] == '.')
        {
            return ParseName();
        }

        if (_text[_position] != '[')
        {
            _problem = "`.` or `[` is expected";
            return null;
        }

        ReadOnlySpan<char> rest = _text[(_position + 1)..];
        return rest switch
        {
            ['*', ']', ..] => ParseAll(),
            ['"', ..] => ParseQuotedName(),
            _ => ParseIndex(rest),
        };
    }

    private PathStep ParseAll()
    {
        _position += "[*]".Length;
        return PathStep.AllElements;
    }

    private PathStep? ParseName()
    {
        int start = ++_position;
        while (_position < _text.Length && _text[_position] is not ('.' or '[' or ']' or '"') && !char.IsControl(_text[_position]))
        {
            _position++;
        }

        if (_position == start)
        {
            _problem = "a name is expected";
            return null;
        }

        return PathStep.Member(Encoding.UTF8.GetBytes(_text[start.._position].ToString()));
    }

    private PathStep? ParseIndex(ReadOnlySpan<char> rest)
    {
        int length = rest.IndexOf(']');
        ReadOnlySpan<char> digits = length < 0 ? default : rest[..length];
        if (!IsWholeNumber(digits, out int index) || (digits[0] == '0' && digits.Length > 1))
        {
            _problem = "`[*]`, a name in quotes or an index from 0 to 2147483647 is expected";
            return null;
        }

        _position += length + 2;
        return PathStep.Element(index);
    }

    // The framework takes NULs behind a number for part of it.
    private static bool IsWholeNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && !digits.Contains('\0');

    private PathStep? ParseQuotedName()
    {
        int end = _position + 2;
        while (end < _text.Length && _text[end] != '"')
        {
            end += _text[end] == '\\' ? 2 : 1;
        }

        if (end + 1 < _text.Length && _text[end + 1] == ']' && Unquote(_text[(_position + 1)..(end + 1)]) is { } name)
        {
            _position = end + 2;
            return PathStep.Member(Encoding.UTF8.GetBytes(name));
        }

        _problem = "a name in quotes, written as a JSON string, and `]` are expected";
        return null;
    }

    private static string? Unquote(ReadOnlySpan<char> json)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json.ToString()));
            reader.Read();
            return reader.GetString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
