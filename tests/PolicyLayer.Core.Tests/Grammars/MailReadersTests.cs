using System.Net.Mail;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.Grammars;
using PolicyLayer.Grammars.Addresses;
using PolicyLayer.Json.Values;
using PolicyLayer.Tests.Differential;

namespace PolicyLayer.Tests.Grammars;

/// <summary>Whatever <c>email_in</c> accepts is one bare mailbox, at a listed domain, to others who read addresses.</summary>
public sealed class MailReadersTests
{
    private static readonly string[] Parts =
    [
        "ann", "Bob", "x", "evil.test", "good.test", "GOOD.test", "mail.good.test", "@", "@", "@good.test", "@good.test", "@evil.test",
        ".", "+", "-", "_", "'", "=",
        "\"", "<", ">", "(", ")", ",", ";", ":", " ", "\t", "\n", "\r\n", "\\", "[", "]", "[127.0.0.1]", "127.0.0.1", "%", "!", "*", "/",
        "?", "#", "&", "|", "`", "{", "~", "^",
        "$", "\0", "é", "\u200b", "\uff20", "\u3002", "=?utf-8?q?", "?=", "mailto:", "Bcc:", "0x1", "xn--a", "1",
    ];

    private static readonly string[] Patterns = ["@good.test", "@*.good.test", "ann@good.test"];

    [Fact]
    public void Accepted_texts_are_one_bare_mailbox_to_all()
    {
        byte[][] patterns = [.. Patterns.Select(Encoding.UTF8.GetBytes)];
        Gen<string> texts =
            from head in Gen.Elements(Parts).ArrayOf().Resize(5)
            from mailbox in Gen.Elements("", "", "ann@good.test", "x@mail.GOOD.test", "@good.test")
            from tail in Gen.Elements(Parts).ArrayOf().Resize(2)
            select string.Concat(head) + mailbox + string.Concat(tail);
        int count = GeneratedCases.Long ? 1_000_000 : 10_000;
        int accepted = 0;
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            bool isListed = EmailIn.Judge(utf8, GrammarRow.ListOf(patterns).Patterns) == Judgement.True;
            accepted += isListed ? 1 : 0;
            return !isListed || (IsBareByGrammar(text) && IsBareByFramework(text) && IsAtGood(text));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(count));
        Assert.InRange(accepted, count / 200, count);
    }

    private static bool IsAtGood(string text) =>
        text.Split('@') is [_, string domain] && ("." + domain).EndsWith(".good.test", StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 5322's tokens, told apart by hand: a bare mailbox is atoms and dots, one at sign, atoms and dots.</summary>
    private static bool IsBareByGrammar(string text)
    {
        const string Specials = "()<>[]:;@\\,.\"";
        var tokens = new StringBuilder();
        foreach (char c in text)
        {
            bool isAtom = c is > ' ' and < '\x7f' && !Specials.Contains(c, StringComparison.Ordinal);
            char token = isAtom ? 'a' : c;
            if (!isAtom || tokens.Length == 0 || tokens[^1] != 'a')
            {
                tokens.Append(token);
            }
        }

        return tokens.ToString().Split('@') is [string local, string domain] && IsDotted(local) && IsDotted(domain);
    }

    private static bool IsDotted(string tokens) => tokens.Split('.').All(part => part == "a");

    private static bool IsBareByFramework(string text)
    {
        var list = new MailAddressCollection { text };
        return list is [{ DisplayName: "" } only] && string.Equals(only.Address, text, StringComparison.OrdinalIgnoreCase);
    }
}
