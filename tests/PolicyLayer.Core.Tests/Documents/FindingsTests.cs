using System.Globalization;
using System.Text;

namespace PolicyLayer.Tests.Documents;

/// <summary>Which findings a document has, each with its place. Single quotes stand for double ones.</summary>
public class FindingsTests
{
    private const string Head = "{'version':'1','default':'deny',";

    /// <summary>A document, and its findings in order: id, line, column, pointer.</summary>
    public static TheoryData<string, string[]> Documents => new()
    {
        // What is no JSON, and what lenient readers let pass.
        { "", ["PL1001 1:1 "] },
        { "   ", ["PL1001 1:4 "] },
        { "// nothing", ["PL1003 1:1 ", "PL1001 1:11 "] },
        { "{'version':'1','default':'deny'} x", ["PL1001 1:34 "] },
        { "{'version':'1',\n 'default' 'deny'}", ["PL1001 2:12 "] },
        { "{'version':'1','default':'deny','name':'\\ud800'}", ["PL1001 1:40 "] },
        { "{ /* why */ 'version':'1','default':'deny',}", ["PL1003 1:3 ", "PL1004 1:43 "] },
        { "{'version':'1','default':'deny','hide':['a',],}", ["PL1004 1:44 /hide", "PL1004 1:46 "] },
        { Head + "'tools':{'a':{/* why */'limits':[ // how\n]}}}", ["PL1003 1:47 /tools/a", "PL1003 1:67 /tools/a/limits"] },
        { "[]", ["PL1103 1:1 "] },
        { "7", ["PL1103 1:1 "] },

        // Members: missing at the object, unknown and duplicate ones at themselves, wrong values at the value.
        { "{}", ["PL1102 1:1 ", "PL1102 1:1 "] },
        { "{'version':1,'default':'Deny'}", ["PL1105 1:12 /version", "PL1107 1:24 /default"] },
        { Head + "\n  'tool':{}}", ["PL1101 2:3 /tool"] },
        { Head + "'hide':[],\n'h\\u0069de':[]}", ["PL1010 2:1 /hide"] },
        { Head + "'name':'','tools':[],'$schema':1,'description':null}", ["PL1106 1:40 /name", "PL1103 1:51 /tools", "PL1103 1:64 /$schema", "PL1103 1:80 /description"] },
        { Head + "'tools':{'ünï😀':{'rsk':'read'}}}", ["PL1101 1:51 /tools/ünï😀/rsk"] },
        { Head + "'tools':{'a/b~c':{'risk':'raed'}}}", ["PL1107 1:58 /tools/a~1b~0c/risk"] },
        { Head + "'tools':{'a':1,'b':null}}", ["PL1103 1:46 /tools/a", "PL1103 1:52 /tools/b"] },
        { Head + "'tools':{'a':{'action':'require_approval','reason':'r','approve_if':[]}}}", ["PL1104 1:56 /tools/a/action", "PL1104 1:88 /tools/a/approve_if"] },

        // Patterns.
        { Head + "'tools':{'':{},'a*b':{},'a*':{},'**':{}}}", ["PL1301 1:42 /tools/", "PL1301 1:48 /tools/a*b", "PL1301 1:65 /tools/**"] },
        { Head + "'hide':['a','','b*c',7,'a','\\u0061']}", ["PL1301 1:45 /hide/1", "PL1301 1:48 /hide/2", "PL1103 1:54 /hide/3", "PL1302 1:56 /hide/4", "PL1302 1:60 /hide/5"] },
        { Head + "'hide':['x_*','x_y','x_y*','x','x_']}", ["PL2004 1:47 /hide/1", "PL2004 1:53 /hide/2", "PL2004 1:64 /hide/4"] },
        { Head + "'hide':['*'],'tools':{'a':{},'b*':{}}}", ["PL2001 1:55 /tools/a", "PL2001 1:62 /tools/b*"] },
        { Head + "'hide':['a*'],'tools':{'a':{},'ab*':{},'*':{},'b':{}}}", ["PL2001 1:56 /tools/a", "PL2001 1:63 /tools/ab*"] },

        // Actions.
        { Head + "'tools':{'a':{'action':'deny','require':[],'limits':[],'rate_limit':'1/day'}}}", ["PL1303 1:63 /tools/a/require", "PL1303 1:76 /tools/a/limits", "PL1303 1:88 /tools/a/rate_limit"] },
        { Head + "'tools':{'a':{'reason':'x'},'b':{'action':'allow','reason':'x'},'c':{'action':'deny','reason':'x'}}}", ["PL2003 1:56 /tools/a/reason", "PL2003 1:92 /tools/b/reason"] },
        { Head + "'tools':{'a':{'action':'denny','reason':'x'}}}", ["PL1107 1:56 /tools/a/action"] },

        // Rules and conditions.
        { Head + "'all_tools':{'require':[{}]}}", ["PL1102 1:57 /all_tools/require/0"] },
        { Head + "'all_tools':{'require':[{'conditions':{},'on_deny':1}]}}", ["PL1103 1:71 /all_tools/require/0/conditions", "PL1103 1:84 /all_tools/require/0/on_deny"] },
        { Head + "'all_tools':{'require':[{'conditions':[{}]}]}}", ["PL1102 1:72 /all_tools/require/0/conditions/0", "PL1102 1:72 /all_tools/require/0/conditions/0", "PL1102 1:72 /all_tools/require/0/conditions/0"] },
        { Rule("{'path':'args.a','op':'eq','value':1,'vlaue':2}"), ["PL1101 1:110 /tools/a/deny_if/0/conditions/0/vlaue"] },
        { Rule("{'path':'args','op':'eq','value':1}"), ["PL1401 1:81 /tools/a/deny_if/0/conditions/0/path"] },
        { Rule("{'path':'args.a..b','op':'equals','value':1}"), ["PL1401 1:81 /tools/a/deny_if/0/conditions/0/path", "PL1402 1:98 /tools/a/deny_if/0/conditions/0/op"] },
        { Rule("{'path':'nope','op':'lt','value':'1'}"), ["PL1401 1:81 /tools/a/deny_if/0/conditions/0/path", "PL1403 1:106 /tools/a/deny_if/0/conditions/0/value"] },
        { Rule("{'path':'args.a[1\\u0000]','op':'regex','value':'\\\\x4\\u0000'}"), ["PL1401 1:81 /tools/a/deny_if/0/conditions/0/path", "PL1405 1:120 /tools/a/deny_if/0/conditions/0/value"] },
        { Rule("{'path':'args.a','op':'not_in','value':[]}"), ["PL1404 1:112 /tools/a/deny_if/0/conditions/0/value"] },
        { Rule("{'path':'args.a','op':'in','value':[1,'1',true]}"), ["PL2005 1:108 /tools/a/deny_if/0/conditions/0/value"] },
        { Rule("{'path':'args.a','op':'in','value':[true,false]}"), [] },
        { Rule("{'path':'args.a','op':'regex','value':'(?=a)'}"), ["PL1405 1:111 /tools/a/deny_if/0/conditions/0/value"] },
        { Rule("{'path':'args.a','op':'exists','value':1}"), ["PL1403 1:112 /tools/a/deny_if/0/conditions/0/value"] },
        { Rule("{'path':'args.a','op':'eq','value':{'x':1,'x':2}}"), ["PL1010 1:115 /tools/a/deny_if/0/conditions/0/value/x"] },

        // What can never matter.
        { Head + "'all_tools':{'require':[{'conditions':[]}]}}", ["PL2004 1:57 /all_tools/require/0"] },
        { Head + "'all_tools':{'deny_if':[{'conditions':[]},{'conditions':[]}],'limits':[]},'tools':{'a':{},'b':{'action':'deny'}}}", ["PL2004 1:75 /all_tools/deny_if/1", "PL2004 1:94 /all_tools/limits", "PL2004 1:116 /tools/a", "PL2004 1:123 /tools/b"] },
        { Head + "'tools':{'a':{'limits':[],'deny_if':[{'conditions':[]}],'rate_limit':'1/day'}}}", ["PL2004 1:47 /tools/a/limits", "PL2004 1:89 /tools/a/rate_limit"] },
        { Twice("{'path':'args.n','op':'eq','value':1}", "{'op':'eq', 'value':1.0,'p\\u0061th':'args.n'}"), ["PL2004 1:113 /tools/a/deny_if/1"] },
        { Twice("{'path':'args.n','op':'eq','value':1}", "{'path':'args.n','op':'eq','value':2}"), [] },
        { Head + "'all_tools':{'deny_if':[{'conditions':[{'path':'args.n','op':'gt','value':1}]}]},'tools':{'a':{'require':[{'conditions':[{'path':'args.n','op':'gt','value':1}]}],\n'deny_if':[{'conditions':[{'path':'args.n','op':'gt','value':1}]}]}}}", ["PL2004 2:12 /tools/a/deny_if/0"] },

        // A rule with an error isn't also one without conditions.
        { Head + "'all_tools':{'deny_if':[{'conditions':[{'path':'a','op':'eq','value':1}]},{'conditions':[]}]}}", ["PL1401 1:80 /all_tools/deny_if/0/conditions/0/path"] },

        // Limits.
        { Limits("{}"), ["PL1102 1:57 /tools/a/limits/0", "PL1102 1:57 /tools/a/limits/0", "PL1102 1:57 /tools/a/limits/0"] },
        { Limits("{'counter':'','window':'minutes','max':-1,'scope':'user','algorithm':'slide'}"), ["PL1106 1:68 /tools/a/limits/0/counter", "PL1203 1:80 /tools/a/limits/0/window", "PL1201 1:96 /tools/a/limits/0/max", "PL1107 1:107 /tools/a/limits/0/scope", "PL1107 1:126 /tools/a/limits/0/algorithm"] },
        { Limits("{'counter':'c','window':60,'max':1},{'counter':'c','window':'minute','max':-2},{'counter':'c','window':61,'max':2}"), ["PL1204 1:93 /tools/a/limits/1", "PL1201 1:132 /tools/a/limits/1/max"] },
        { Limits("{'counter':'c','window':60,'max':1},{'counter':'c','window':60,'max':1,'scope':'sessions'}"), ["PL1107 1:136 /tools/a/limits/1/scope"] },
        { Limits("{'counter':'a_rate','window':60,'max':1}],'rate_limit':['1/minute'"), ["PL1103 1:112 /tools/a/rate_limit"] },
        { Head + "'tools':{'a':{'rate_limit':'1/minute','limits':[{'counter':'a_rate','window':60,'max':1}]}}}", ["PL1204 1:60 /tools/a/rate_limit"] },
        { Limits("{'counter':'c','window':0,'max':0.0000001,'increment_from':'args.a[*]'}"), ["PL1203 1:81 /tools/a/limits/0/window", "PL1201 1:89 /tools/a/limits/0/max", "PL1205 1:116 /tools/a/limits/0/increment_from"] },
        { Limits("{'counter':'c','window':60,'max':0}"), ["PL2002 1:90 /tools/a/limits/0/max"] },
        { Head + "'tools':{'a':{'rate_limit':{'max':0,'window':60}},'b':{'rate_limit':'0/minute'},'c':{'rate_limit':{'windw':1}}}}", ["PL2002 1:67 /tools/a/rate_limit/max", "PL1206 1:101 /tools/b/rate_limit", "PL1102 1:131 /tools/c/rate_limit", "PL1102 1:131 /tools/c/rate_limit", "PL1101 1:132 /tools/c/rate_limit/windw"] },
        { Head + "'tools':{'a':{'rate_limit':'10\\u0000/minute'}}}", ["PL1206 1:60 /tools/a/rate_limit"] },
        { Head + "'all_tools':{'limits':[{'counter':'c','window':60,'max':5,'increment_from':'args.n'}]}}", ["PL2006 1:91 /all_tools/limits/0/increment_from"] },
        { Head + "'all_tools':{'limits':[{'counter':'c','window':60,'max':5}]},'tools':{'a':{'limits':[{'counter':'c','window':'minute','max':5}]},\n'b':{'limits':[{'counter':'c','window':60,'max':4}]},'d':{'limits':[{'counter':'c','window':60,'max':6,'increment_from':'args.n'}]}}}", ["PL2004 1:118 /tools/a/limits/0"] },
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
        IEnumerable<string> found = Load(document).Diagnostics
            .Select(finding => string.Create(CultureInfo.InvariantCulture, $"{finding.Id} {finding.Line}:{finding.Column} {finding.Pointer}"));

        Assert.Equal(expected, found);
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
        byte[] text = [0xEF, 0xBB, 0xBF, .. "{\"version\":\"2\",\"default\":\"deny\"}"u8];

        PolicyDiagnostic finding = Assert.Single(Policy.Load(text).Diagnostics);
        Assert.Equal((1, 12), (finding.Line, finding.Column));
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_string_is_found_at_its_place()
    {
        PolicyException exception = Assert.Throws<PolicyException>(() => Policy.Parse("{\n \"ü\": \"\ud83d\"}"));

        PolicyDiagnostic finding = Assert.Single(exception.Diagnostics);
        Assert.Equal(("PL1002", 2, 8), (finding.Id, finding.Line, finding.Column));
        Assert.Equal("The text holds half of a surrogate pair.", finding.Message);
    }

    [Fact]
    public void Invalid_utf8_is_found_at_its_place()
    {
        byte[] text = [.. "{\n \"ü\":\""u8, 0xC3, 0x28];

        PolicyDiagnostic finding = Assert.Single(Policy.Load(text).Diagnostics);
        Assert.Equal(("PL1002", 2, 7), (finding.Id, finding.Line, finding.Column));
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

    private static string Rule(string condition) => Head + "'tools':{'a':{'deny_if':[{'conditions':[" + condition + "]}]}}}";

    private static string Twice(string first, string second) =>
        Head + "'tools':{'a':{'deny_if':[{'conditions':[" + first + "]},{'conditions':[" + second + "]}]}}}";

    private static string Limits(string limits) => Head + "'tools':{'a':{'limits':[" + limits + "]}}}";

    private static PolicyLoadResult Load(string document) => TestPolicies.Load(document.Replace('\'', '"'));
}
