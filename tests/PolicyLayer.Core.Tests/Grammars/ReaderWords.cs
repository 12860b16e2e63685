using System.Text;
using PolicyLayer.Grammars.Commands;

namespace PolicyLayer.Tests.Grammars;

/// <summary>What <see cref="ShellReader"/> reads, as strings.</summary>
internal static class ReaderWords
{
    /// <summary>The words of each command; null where the script is unjudgeable.</summary>
    public static List<List<string>>? Of(string script)
    {
        var commands = new List<List<string>>();
        var reader = new ShellReader(Encoding.UTF8.GetBytes(script));
        while (reader.MoveNextCommand())
        {
            ShellReader command = reader;
            reader.ReadCommand();
            var words = new List<string>();
            while (reader.Problem is null && command.MoveNextWord())
            {
                var word = new StringBuilder();
                for (int next; (next = command.ReadCodePoint()) != ICommandWords.EndOfWord;)
                {
                    word.Append(char.ConvertFromUtf32(next));
                }

                words.Add(word.ToString());
            }

            commands.Add(words);
        }

        return reader.Problem is null ? commands : null;
    }
}
