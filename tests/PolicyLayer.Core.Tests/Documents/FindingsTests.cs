using System.Globalization;
using System.Text;

namespace PolicyLayer.Tests.Documents;

/// <summary>Which findings a document has, each with its place. Single quotes stand for double ones.</summary>
public class FindingsTests
{
    private const string Head = "{'version':'1','default':'deny',";

    /// <summary>A marked document, and its findings in order: id, number of the mark where there are several, pointer.</summary>
    public static TheoryData<string, string[]> Documents => new()
    {
        // What is no JSON, and what lenient readers let pass.
        { "⟦⟧", ["PL1001"] },
        { "   ⟦⟧", ["PL1001"] },
        { "⟦1:// nothing⟧⟦2:⟧", ["PL1003 1", "PL1001 2"] },
        { "{'version':'1','default':'deny'} ⟦x⟧", ["PL1001"] },
        { "{'version':'1',\n 'default' ⟦'deny'⟧}", ["PL1001"] },
        { "{'version':'1','default':'deny','name':⟦'\\ud800'⟧}", ["PL1001"] },
        { "{ ⟦1:/* why */⟧ 'version':'1','default':'deny'⟦2:,⟧}", ["PL1003 1", "PL1004 2"] },
        { "{'version':'1','default':'deny','hide':['a'⟦1:,⟧]⟦2:,⟧}", ["PL1004 1 /hide", "PL1004 2"] },
        { Head + "'tools':{'a':{⟦1:/* why */⟧'limits':[ ⟦2:// how⟧\n]}}}", ["PL1003 1 /tools/a", "PL1003 2 /tools/a/limits"] },
        { "⟦[]⟧", ["PL1103"] },
        { "⟦7⟧", ["PL1103"] },

        // Members: missing at the object, unknown and duplicate ones at themselves, wrong values at the value.
        { "⟦{}⟧", ["PL1102", "PL1102"] },
        { "{'version':⟦1:1⟧,'default':⟦2:'Deny'⟧}", ["PL1105 1 /version", "PL1107 2 /default"] },
        { Head + "\n  ⟦'tool'⟧:{}}", ["PL1101 /tool"] },
        { Head + "'hide':[],\n⟦'h\\u0069de'⟧:[]}", ["PL1010 /hide"] },
        {
            Head + "'name':⟦1:''⟧,'tools':⟦2:[]⟧,'$schema':⟦3:1⟧,'description':⟦4:null⟧}",
            ["PL1106 1 /name", "PL1103 2 /tools", "PL1103 3 /$schema", "PL1103 4 /description"]
        },
        { Head + "'tools':{'ünï😀':{⟦'rsk'⟧:'read'}}}", ["PL1101 /tools/ünï😀/rsk"] },
        { Head + "'tools':{'a/b~c':{'risk':⟦'raed'⟧}}}", ["PL1107 /tools/a~1b~0c/risk"] },
        { Head + "'tools':{'a':⟦1:1⟧,'b':⟦2:null⟧}}", ["PL1103 1 /tools/a", "PL1103 2 /tools/b"] },
        {
            Head + "'tools':{'a':{'action':⟦1:'require_approval'⟧,'reason':'r',⟦2:'approve_if'⟧:[]}}}",
            ["PL1104 1 /tools/a/action", "PL1104 2 /tools/a/approve_if"]
        },

        // Patterns.
        {
            Head + "'tools':{⟦1:''⟧:{},⟦2:'a*b'⟧:{},'a*':{},⟦3:'**'⟧:{}}}",
            ["PL1301 1 /tools/", "PL1301 2 /tools/a*b", "PL1301 3 /tools/**"]
        },
        {
            Head + "'hide':['a',⟦1:''⟧,⟦2:'b*c'⟧,⟦3:7⟧,⟦4:'a'⟧,⟦5:'\\u0061'⟧]}",
            ["PL1301 1 /hide/1", "PL1301 2 /hide/2", "PL1103 3 /hide/3", "PL1302 4 /hide/4", "PL1302 5 /hide/5"]
        },
        { Head + "'hide':['x_*',⟦1:'x_y'⟧,⟦2:'x_y*'⟧,'x',⟦3:'x_'⟧]}", ["PL2004 1 /hide/1", "PL2004 2 /hide/2", "PL2004 3 /hide/4"] },
        { Head + "'hide':['*'],'tools':{⟦1:'a'⟧:{},⟦2:'b*'⟧:{}}}", ["PL2001 1 /tools/a", "PL2001 2 /tools/b*"] },
        { Head + "'hide':['a*'],'tools':{⟦1:'a'⟧:{},⟦2:'ab*'⟧:{},'*':{},'b':{}}}", ["PL2001 1 /tools/a", "PL2001 2 /tools/ab*"] },

        // Actions.
        {
            Head + "'tools':{'a':{'action':'deny',⟦1:'require'⟧:[],⟦2:'limits'⟧:[],⟦3:'rate_limit'⟧:'1/day'}}}",
            ["PL1303 1 /tools/a/require", "PL1303 2 /tools/a/limits", "PL1303 3 /tools/a/rate_limit"]
        },
        {
            Head + "'tools':{'a':{'reason':⟦1:'x'⟧},'b':{'action':'allow','reason':⟦2:'x'⟧},'c':{'action':'deny','reason':'x'}}}",
            ["PL2003 1 /tools/a/reason", "PL2003 2 /tools/b/reason"]
        },
        { Head + "'tools':{'a':{'action':⟦'denny'⟧,'reason':'x'}}}", ["PL1107 /tools/a/action"] },

        // Rules and conditions.
        { Head + "'all_tools':{'require':[⟦{}⟧]}}", ["PL1102 /all_tools/require/0"] },
        {
            Head + "'all_tools':{'require':[{'conditions':⟦1:{}⟧,'on_deny':⟦2:1⟧}]}}",
            ["PL1103 1 /all_tools/require/0/conditions", "PL1103 2 /all_tools/require/0/on_deny"]
        },
        {
            Head + "'all_tools':{'require':[{'conditions':[⟦{}⟧]}]}}",
            [
                "PL1102 /all_tools/require/0/conditions/0", "PL1102 /all_tools/require/0/conditions/0",
                "PL1102 /all_tools/require/0/conditions/0",
            ]
        },
        { Rule("{'path':'args.a','op':'eq','value':1,⟦'vlaue'⟧:2}"), ["PL1101 /tools/a/deny_if/0/conditions/0/vlaue"] },
        { Rule("{'path':⟦'args'⟧,'op':'eq','value':1}"), ["PL1401 /tools/a/deny_if/0/conditions/0/path"] },
        {
            Rule("{'path':⟦1:'args.a..b'⟧,'op':⟦2:'equals'⟧,'value':1}"),
            ["PL1401 1 /tools/a/deny_if/0/conditions/0/path", "PL1402 2 /tools/a/deny_if/0/conditions/0/op"]
        },
        {
            Rule("{'path':⟦1:'nope'⟧,'op':'lt','value':⟦2:'1'⟧}"),
            ["PL1401 1 /tools/a/deny_if/0/conditions/0/path", "PL1403 2 /tools/a/deny_if/0/conditions/0/value"]
        },
        {
            Rule("{'path':⟦1:'args.a[1\\u0000]'⟧,'op':'regex','value':⟦2:'\\\\x4\\u0000'⟧}"),
            ["PL1401 1 /tools/a/deny_if/0/conditions/0/path", "PL1405 2 /tools/a/deny_if/0/conditions/0/value"]
        },
        { Rule("{'path':'args.a','op':'not_in','value':⟦[]⟧}"), ["PL1404 /tools/a/deny_if/0/conditions/0/value"] },
        { Rule("{'path':'args.a','op':'in','value':⟦[1,'1',true]⟧}"), ["PL2005 /tools/a/deny_if/0/conditions/0/value"] },
        { Rule("{'path':'args.a','op':'in','value':[true,false]}"), [] },
        { Rule("{'path':'args.a','op':'regex','value':⟦'(?=a)'⟧}"), ["PL1405 /tools/a/deny_if/0/conditions/0/value"] },
        { Rule("{'path':'args.a','op':'exists','value':⟦1⟧}"), ["PL1403 /tools/a/deny_if/0/conditions/0/value"] },
        { Rule("{'path':'args.a','op':'eq','value':{'x':1,⟦'x'⟧:2}}"), ["PL1010 /tools/a/deny_if/0/conditions/0/value/x"] },

        // What can never matter.
        { Head + "'all_tools':{'require':[⟦{'conditions':[]}⟧]}}", ["PL2004 /all_tools/require/0"] },
        {
            Head + "'all_tools':{'deny_if':[{'conditions':[]},⟦1:{'conditions':[]}⟧],⟦2:'limits'⟧:[]},"
                + "'tools':{⟦3:'a'⟧:{},⟦4:'b'⟧:{'action':'deny'}}}",
            ["PL2004 1 /all_tools/deny_if/1", "PL2004 2 /all_tools/limits", "PL2004 3 /tools/a", "PL2004 4 /tools/b"]
        },
        {
            Head + "'tools':{'a':{⟦1:'limits'⟧:[],'deny_if':[{'conditions':[]}],⟦2:'rate_limit'⟧:'1/day'}}}",
            ["PL2004 1 /tools/a/limits", "PL2004 2 /tools/a/rate_limit"]
        },
        {
            Rules("{'conditions':[{'path':'args.n','op':'eq','value':1}]},"
                + "⟦{'conditions':[{'op':'eq', 'value':1.0,'p\\u0061th':'args.n'}]}⟧"),
            ["PL2004 /tools/a/deny_if/1"]
        },
        { Rules("{'conditions':[{'path':'args.n','op':'eq','value':1}]},{'conditions':[{'path':'args.n','op':'eq','value':2}]}"), [] },
        {
            Head + "'all_tools':{'deny_if':[{'conditions':[{'path':'args.n','op':'gt','value':1}]}]},"
                + "'tools':{'a':{'require':[{'conditions':[{'path':'args.n','op':'gt','value':1}]}],\n"
                + "'deny_if':[⟦{'conditions':[{'path':'args.n','op':'gt','value':1}]}⟧]}}}",
            ["PL2004 /tools/a/deny_if/0"]
        },

        // A rule with an error isn't also one without conditions.
        {
            Head + "'all_tools':{'deny_if':[{'conditions':[{'path':⟦'a'⟧,'op':'eq','value':1}]},{'conditions':[]}]}}",
            ["PL1401 /all_tools/deny_if/0/conditions/0/path"]
        },

        // Limits.
        { Limits("⟦{}⟧"), ["PL1102 /tools/a/limits/0", "PL1102 /tools/a/limits/0", "PL1102 /tools/a/limits/0"] },
        {
            Limits("{'counter':⟦1:''⟧,'window':⟦2:'minutes'⟧,'max':⟦3:-1⟧,'scope':⟦4:'user'⟧,'algorithm':⟦5:'slide'⟧}"),
            [
                "PL1106 1 /tools/a/limits/0/counter", "PL1203 2 /tools/a/limits/0/window", "PL1201 3 /tools/a/limits/0/max",
                "PL1107 4 /tools/a/limits/0/scope", "PL1107 5 /tools/a/limits/0/algorithm",
            ]
        },
        {
            Limits("{'counter':'c','window':60,'max':1},⟦1:{'counter':'c','window':'minute','max':⟦2:-2⟧}⟧,"
                + "{'counter':'c','window':61,'max':2}"),
            ["PL1204 1 /tools/a/limits/1", "PL1201 2 /tools/a/limits/1/max"]
        },
        {
            Limits("{'counter':'c','window':60,'max':1},{'counter':'c','window':60,'max':1,'scope':⟦'sessions'⟧}"),
            ["PL1107 /tools/a/limits/1/scope"]
        },
        {
            Head + "'tools':{'a':{'limits':[{'counter':'a_rate','window':60,'max':1}],'rate_limit':⟦['1/minute']⟧}}}",
            ["PL1103 /tools/a/rate_limit"]
        },
        {
            Head + "'tools':{'a':{'rate_limit':⟦'1/minute'⟧,'limits':[{'counter':'a_rate','window':60,'max':1}]}}}",
            ["PL1204 /tools/a/rate_limit"]
        },
        {
            Limits("{'counter':'c','window':⟦1:0⟧,'max':⟦2:0.0000001⟧,'increment_from':⟦3:'args.a[*]'⟧}"),
            ["PL1203 1 /tools/a/limits/0/window", "PL1201 2 /tools/a/limits/0/max", "PL1205 3 /tools/a/limits/0/increment_from"]
        },
        { Limits("{'counter':'c','window':60,'max':⟦0⟧}"), ["PL2002 /tools/a/limits/0/max"] },
        {
            Head + "'tools':{'a':{'rate_limit':{'max':⟦1:0⟧,'window':60}},'b':{'rate_limit':⟦2:'0/minute'⟧},"
                + "'c':{'rate_limit':⟦3:{⟦4:'windw'⟧:1}⟧}}}",
            [
                "PL2002 1 /tools/a/rate_limit/max", "PL1206 2 /tools/b/rate_limit", "PL1102 3 /tools/c/rate_limit",
                "PL1102 3 /tools/c/rate_limit", "PL1101 4 /tools/c/rate_limit/windw",
            ]
        },
        { Head + "'tools':{'a':{'rate_limit':⟦'10\\u0000/minute'⟧}}}", ["PL1206 /tools/a/rate_limit"] },
        {
            Head + "'all_tools':{'limits':[{'counter':'c','window':60,'max':5,⟦'increment_from'⟧:'args.n'}]}}",
            ["PL2006 /all_tools/limits/0/increment_from"]
        },
        {
            Head + "'all_tools':{'limits':[{'counter':'c','window':60,'max':5}]},"
                + "'tools':{'a':{'limits':[⟦{'counter':'c','window':'minute','max':5}⟧]},\n"
                + "'b':{'limits':[{'counter':'c','window':60,'max':4}]},"
                + "'d':{'limits':[{'counter':'c','window':60,'max':6,'increment_from':'args.n'}]}}}",
            ["PL2004 /tools/a/limits/0"]
        },
    };

    /// <summary>A document, the id of its one finding, and what its message or help must say.</summary>
    public static TheoryData<string, string> Texts => new()
    {
        { Head + "'defualt':'deny'}", "did you mean `default`?" },
        { Head + "'tools':{'a':{'limts':[]}}}", "did you mean `limits`?" },
        { Head + "'tools':{'a':{'zzzzzz':[]}}}", "`limits` or `rate_limit`" },
        { Rule("{'path':'args.a','op':'contians','value':1}"), "did you mean `contains`?" },
        { Rule("{'path':'args.a','op':'==','value':1}"), "use one of `eq`, `neq`" },
        { Rule("{'path':'args.a','op':'not_in','value':'x'}"), "`not_in` takes an array, not a string." },
        { Rule("{'path':'args.a[01]','op':'eq','value':'x'}"), "at character 7." },
        { Rule("{'path':'args.a','op':'regex','value':'ab(?=c)'}"), "at character 3." },
        { Rule("{'path':'args.a','op':'regex','value':'a{2}{3}'}"), "put the inner one in a group" },
        { Limits("{'counter':'c','window':'minuts','max':1}"), "did you mean `minute`?" },
        { Limits("{'counter':'c','window':'60','max':1}"), "whole number of seconds" },
        { Limits("{'counter':'c','window':60,'max':1,'scope':'Session'}"), "did you mean `session`?" },
        { Limits("{'counter':'c','window':60,'max':1,'algorithm':'slidng'}"), "did you mean `sliding`?" },
        { Head + "'tools':{'a':{'rate_limit':'10/minutes'}}}", "did you mean `minute`?" },
        { Head + "'tools':{'a':{'rate_limit':'ten a minute'}}}", "as in `10/minute`" },
        { Head + "'tools':{'a':{'risk':'excute'}}}", "did you mean `execute`?" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_finding_has_its_place(string document, string[] expected)
    {
        var marked = MarkedDocument.Parse(document);
        IEnumerable<string> found = Load(marked.Text).Diagnostics
            .Select(finding => Describe(finding.Id, (finding.Line, finding.Column), finding.Pointer));

        Assert.Equal(expected.Select(finding => Placed(finding, marked)), found);
        Assert.Equal(marked.Marks.Keys.Order(), expected.Select(MarkOf).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Messages_say_what_is_wrong_and_what_to_do(string document, string expected)
    {
        PolicyDiagnostic finding = Assert.Single(Load(document).Diagnostics);

        Assert.Contains(expected, finding.Message + " " + finding.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one\\ntwo")]
    [InlineData("one\\u2028two")]
    [InlineData("one\\u0085two")]
    [InlineData("one\\u202etwo")]
    [InlineData("one\\u200btwo")]
    public void Messages_stay_in_one_line_and_in_order(string written)
    {
        string[] documents =
        [
            Head + $"'{written}':1}}",
            Head + $"'tools':{{'{written}*{written}':{{}}}}}}",
            Rule($"{{'path':'{written}','op':'eq','value':1}}"),
            Rule($"{{'path':'args.a','op':'{written}','value':1}}"),
            Rule($"{{'path':'args.a','op':'regex','value':'({written}'}}"),
            Rule($"{{'path':'args.a','op':'regex','value':'(?:^{written}+$)*{written}\\\\q'}}"),
            Limits($"{{'counter':'c','window':'{written}','max':1}}"),
            Head + $"'tools':{{'a':{{'rate_limit':'{written}'}}}}}}",
        ];
        foreach (PolicyDiagnostic finding in documents.SelectMany(document => Load(document).Diagnostics))
        {
            Assert.DoesNotContain(
                finding.Message + finding.Help,
                unit => char.IsControl(unit) || char.GetUnicodeCategory(unit)
                    is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format);
        }
    }

    [Fact]
    public void Messages_are_never_long()
    {
        string text = string.Concat(Enumerable.Repeat("😀", 1_000)) + new string('x', 1_000);
        string[] documents =
        [
            Head + $"'{text}':1}}",
            Head + $"'tools':{{'{text}':{{}}}}}}",
            Rule($"{{'path':'{text}','op':'eq','value':1}}"),
            Rule($"{{'path':'args.a','op':'regex','value':'(?:{text}){{{{1000}}}}'}}"),
            Rule($"{{'path':'args.a','op':'regex','value':'(?<{text}>)'}}"),
            Rule($"{{'path':'args.a','op':'regex','value':'\\\\p{{{text}}}'}}"),
            Limits($"{{'counter':'{text}','window':60,'max':1}}"),
            Limits($"{{'counter':'c','window':60,'max':1{new string('0', 1_000)}}}"),
        ];
        foreach (string document in documents)
        {
            PolicyDiagnostic finding = Assert.Single(Load(document).Diagnostics);
            Assert.InRange(finding.Message.Length, 1, 200);
            Assert.True(finding.Message.EnumerateRunes().All(rune => rune != Rune.ReplacementChar), finding.Message);
        }
    }

    [Fact]
    public void At_most_a_hundred_findings_are_kept_errors_before_warnings()
    {
        string warnings = string.Join(',', Enumerable.Range(0, 150).Select(i => $"'w{i}':{{'reason':'x'}}"));
        string errors = string.Join(',', Enumerable.Range(0, 60).Select(i => $"'e{i}':{{'risk':'x'}}"));

        IReadOnlyList<PolicyDiagnostic> found = Load(Head + $"'tools':{{{warnings},{errors}}}}}").Diagnostics;
        Assert.Equal(100, found.Count);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"/tools/w{i}/reason"), found.Take(40).Select(finding => finding.Pointer));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"/tools/e{i}/risk"), found.Skip(40).Select(finding => finding.Pointer));

        string more = string.Join(',', Enumerable.Range(0, 150).Select(i => $"'e{i}':{{'risk':'x'}}"));
        found = Load(Head + $"'tools':{{{warnings},{more}}}}}").Diagnostics;
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"/tools/e{i}/risk"), found.Select(finding => finding.Pointer));
    }

    [Fact]
    public void A_warning_leaves_a_policy_and_an_error_none()
    {
        Assert.True(Load(Head + "'tools':{'a':{'reason':'x'}}}").IsValid);
        Assert.False(Load(Head + "'tools':{'a':{'risk':'x'}}}").IsValid);
    }

    [Fact]
    public void Byte_order_mark_moves_no_place()
    {
        MarkedDocument document = MarkedDocument.Parse("""{"version":⟦"2"⟧,"default":"deny"}""");
        byte[] text = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(document.Text)];

        PolicyDiagnostic finding = Assert.Single(Policy.Load(text).Diagnostics);
        Assert.Equal(document.Marks[0], (finding.Line, finding.Column));
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_string_is_found_at_its_place()
    {
        MarkedDocument document = MarkedDocument.Parse("{\n \"ü\": \"⟦\ud83d⟧\"}");
        PolicyException exception = Assert.Throws<PolicyException>(() => Policy.Parse(document.Text));

        PolicyDiagnostic finding = Assert.Single(exception.Diagnostics);
        Assert.Equal("PL1002", finding.Id);
        Assert.Equal(document.Marks[0], (finding.Line, finding.Column));
        Assert.Equal("The text holds half of a surrogate pair.", finding.Message);
    }

    [Fact]
    public void Invalid_utf8_is_found_at_its_place()
    {
        MarkedDocument document = MarkedDocument.Parse("{\n \"ü\":\"⟦⟧");
        byte[] text = [.. Encoding.UTF8.GetBytes(document.Text), 0xC3, 0x28];

        PolicyDiagnostic finding = Assert.Single(Policy.Load(text).Diagnostics);
        Assert.Equal("PL1002", finding.Id);
        Assert.Equal(document.Marks[0], (finding.Line, finding.Column));
    }

    [Theory]
    [InlineData("'tools':{'a':{'limits':[", "{'counter':'c#','window':60,'max':1}", "]}}}")]
    [InlineData("'tools':{'a':{'deny_if':[", "{'conditions':[{'path':'args.n','op':'eq','value':#}]}", "]}}}")]
    [InlineData("'hide':[", "'x#'", "]}")]
    public void Long_lists_load(string start, string element, string end)
    {
        IEnumerable<string> elements = Enumerable.Range(0, 30_000)
            .Select(i => element.Replace("#", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

        Assert.True(Load(Head + start + string.Join(',', elements) + end).IsValid);
    }

    private static string Placed(string expected, MarkedDocument document)
    {
        string[] parts = expected.Split(' ');
        return Describe(parts[0], document.Marks[MarkOf(expected)], parts[^1].StartsWith('/') ? parts[^1] : "");
    }

    /// <summary>The number of the mark that an expected finding names; 0 for the only one.</summary>
    private static int MarkOf(string expected) =>
        expected.Split(' ') is [_, var second, ..] && int.TryParse(second, CultureInfo.InvariantCulture, out int mark) ? mark : 0;

    private static string Describe(string id, (int Line, int Column) place, string pointer) =>
        string.Create(CultureInfo.InvariantCulture, $"{id} {place.Line}:{place.Column} {pointer}");

    private static string Rule(string condition) => Rules("{'conditions':[" + condition + "]}");

    private static string Rules(string rules) => Head + "'tools':{'a':{'deny_if':[" + rules + "]}}}";

    private static string Limits(string limits) => Head + "'tools':{'a':{'limits':[" + limits + "]}}}";

    private static PolicyLoadResult Load(string document) => TestPolicies.Load(document.Replace('\'', '"'));
}
