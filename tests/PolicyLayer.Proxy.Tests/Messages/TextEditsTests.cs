using System.Text;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Tests.Proxy.Messages;

/// <summary>Changes to bytes leave all others.</summary>
public sealed class TextEditsTests
{
    [Fact]
    public void Whatever_is_taken_out_of_a_list_leaves_a_list()
    {
        string[] items = ["a", "bb", "c", "ddd", "e"];
        string text = $"[ {string.Join(" , ", items)} ]";
        for (int taken = 0; taken < 1 << items.Length; taken++)
        {
            List<TextSpan> places = [.. items.Select(item => new TextSpan(text.IndexOf(item, StringComparison.Ordinal), item.Length))];
            var edits = new TextEdits();
            edits.Take(places, i => (taken & (1 << i)) != 0);
            string left = string.Join(" , ", items.Where((_, i) => (taken & (1 << i)) == 0));

            Assert.Equal(left.Length == 0 ? "[  ]" : $"[ {left} ]", Text(edits, text));
        }
    }

    [Fact]
    public void Changes_come_in_the_order_of_their_places()
    {
        var edits = new TextEdits();
        edits.Replace(new TextSpan(4, 2), "X"u8.ToArray());
        edits.Insert(0, "1"u8.ToArray());
        edits.Insert(0, "2"u8.ToArray());
        edits.Replace(new TextSpan(1, 0), default);

        Assert.Equal("12abcdXgh", Text(edits, "abcdefgh"));
        Assert.Equal("", Text(new TextEdits(), ""));
    }

    private static string Text(TextEdits edits, string text) => Encoding.UTF8.GetString(edits.ApplyTo(Encoding.UTF8.GetBytes(text)).Span);
}
