using System.Text;

namespace PolicyLayer.Grammars.Commands;

/// <summary>The words of an array, as a program gets them: decoded, well-formed UTF-8, one behind the other.</summary>
/// <param name="words">All words.</param>
/// <param name="ends">Where each word ends in <paramref name="words"/>; the next begins there.</param>
internal ref struct ArgumentWords(ReadOnlySpan<byte> words, ReadOnlySpan<int> ends) : ICommandWords
{
    private readonly ReadOnlySpan<byte> _words = words;
    private readonly ReadOnlySpan<int> _ends = ends;
    private int _word = -1;
    private int _at;

    public readonly bool IsEmpty => _ends.IsEmpty;

    public readonly bool Contains(byte value) => _words.Contains(value);

    public bool MoveNextWord() => ++_word < _ends.Length;

    public int ReadCodePoint()
    {
        if (_at == _ends[_word])
        {
            return ICommandWords.EndOfWord;
        }

        Rune.DecodeFromUtf8(_words[_at..], out Rune codePoint, out int length);
        _at += length;
        return codePoint.Value;
    }
}
