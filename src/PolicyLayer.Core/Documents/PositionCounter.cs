using System.Text;

namespace PolicyLayer.Documents;

/// <summary>Turns byte offsets, asked for in ascending order, into lines and columns.</summary>
internal ref struct PositionCounter(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _offset;
    private int _line = 1;
    private int _lineStart;

    public (int Line, int Column) MoveTo(int offset)
    {
        offset = Math.Min(offset, _text.Length);
        int newLine;
        while ((newLine = _text[_offset..offset].IndexOf((byte)'\n')) >= 0)
        {
            _offset += newLine + 1;
            _lineStart = _offset;
            _line++;
        }

        _offset = offset;
        return (_line, Encoding.UTF8.GetCharCount(_text[_lineStart..offset]) + 1);
    }
}
