using System.Text;

namespace PolicyLayer.Documents;

/// <summary>Turns byte offsets, asked for in ascending order, into lines and columns.</summary>
internal ref struct PositionCounter(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _offset;
    private int _line = 1;
    private int _column = 1;

    public (int Line, int Column) MoveTo(int offset)
    {
        ReadOnlySpan<byte> passed = _text[_offset..Math.Min(offset, _text.Length)];
        _offset += passed.Length;
        int newLine = passed.LastIndexOf((byte)'\n');
        if (newLine >= 0)
        {
            _line += passed.Count((byte)'\n');
            _column = 1;
            passed = passed[(newLine + 1)..];
        }

        _column += Encoding.UTF8.GetCharCount(passed);
        return (_line, _column);
    }
}
