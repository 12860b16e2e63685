using System.Text;

namespace PolicyLayer.Tests.Robustness;

/// <summary>Loading is linear in the document, whatever is wrong with it: work is counted, in bytes allocated, at four sizes.</summary>
public sealed class LinearLoadTests
{
    /// <summary>What a load may allocate for each byte of the document that is added.</summary>
    private const int BytesPerByte = 400;

    private static readonly Dictionary<string, (int Size, Func<int, string> Document)> Shapes = new()
    {
        ["references to no definition"] = (100, n => Schema(
            "{'properties':{" + Each(n, "'p@':{'$ref':'#/$defs/nosuch@'}") + "},'$defs':{" + Each(n, "'definition@':{}") + "}}")),
        ["references to definitions"] = (100, n => Schema(
            "{'properties':{" + Each(n, "'p@':{'$ref':'#/$defs/definition@'}") + "},'$defs':{" + Each(n, "'definition@':{}") + "}}")),
        ["references to elements"] = (100, n => Schema(
            "{'properties':{" + Each(n, "'p@':{'$ref':'#/allOf/@'}") + "},'allOf':[" + Each(n, "{}") + "]}")),
        ["references to no anchor"] = (200, n => Schema("{'properties':{" + Each(n, "'p@':{'$anchor':'a@'},'q@':{'$ref':'#b@'}") + "}}")),
        ["references under a long base"] = (100, n => Schema(
            "{'$id':'http://h/" + new string('i', n * 30) + "','properties':{" + Each(n, "'p@':{'$ref':'x@#'}") + "}}")),
        ["definitions with long names"] = (20, n => Schema(
            "{'properties':{" + Each(100, "'p@':{'$ref':'#/$defs/nosuch@'}") + "},'$defs':{"
            + Each(n, "'" + new string('d', 1_000) + "@':{}") + "}}")),
        ["subschemas under a long name"] = (100, n => Schema(
            "{'properties':{'" + new string('n', n * 100) + "':{'properties':{" + Each(n, "'p@':{'type':'string'}") + "}}}}")),
        ["findings under a long name"] = (100, n => Schema(
            "{'properties':{'" + new string('n', n * 100) + "':{'properties':{" + Each(n, "'p@':{'typ':'string'}") + "}}}}")),
        ["rules under a long name"] = (100, n => Tools("'" + new string('n', n * 100) + "':{'require':[" + Each(n, Rule("p@")) + "]}")),
        ["parts of a schema beside a long path"] = (500, n => Tools(
            "'t':{'arguments':{'allOf':[" + Each(n, "{'minLength':@}") + "]},'require':[" + Rule(new string('a', n * 4)) + "]}")),
        ["conditions beside a long reference"] = (200, n => Tools(
            "'t':{'arguments':{'$ref':'#/$defs/" + new string('d', n * 60) + "','$defs':{'" + new string('d', n * 60) + "':{}}},'require':["
            + Each(n, Rule("p@")) + "]}")),
        ["unknown keywords"] = (500, n => Schema("{" + Each(n, "'requird@':1") + "}")),
        ["unknown members"] = (500, n => Tools(Each(n, "'t@':{'limts':1}"))),
        ["wrong values"] = (500, n => Tools(Each(n, "'t@':{'risk':'raed','limits':[{'counter':'c','window':'minuts','max':1}]}"))),
        ["names that stand twice"] = (500, n => Schema("{" + Each(n, "'type':'string'") + "}")),
        ["rules of all tools beside rules of each"] = (100, n => Tools(
            Each(n, "'t@':{'require':[" + Rule("q@") + "]}"), "'all_tools':{'require':[" + Each(n, Rule("p@")) + "]},")),
        ["limits of all tools beside limits of each"] = (150, n => Tools(
            Each(n, "'t@':{'limits':[" + Limit("c@") + "]}"), "'all_tools':{'limits':[" + Each(n, Limit("a@")) + "]},")),
        ["limits of all tools beside rules of each"] = (100, n => Tools(
            Each(n, "'t@':{'require':[" + Rule("q@") + "]}"), "'all_tools':{'limits':[" + Each(n, Sum("a@")) + "]},")),
        ["orders on tools that a pattern limits"] = (60, n => Tools(
            "'p*':{'limits':[" + Each(n, "{'counter':'c@','window':1,'max':1,'per':'args.a@'}") + "]},'x':{'not_after':["
            + Each(n, "{'tool':'p@','within':1}") + "]}")),
        ["orders on tools that all limits apply to"] = (100, n => Tools(
            "'x':{'not_after':[" + Each(n, "{'tool':'p@','within':1}") + "]},'p*':{}",
            "'all_tools':{'limits':[" + Each(n, Limit("a@")) + "]},")),
        ["orders by values on one tool"] = (300, n => Tools(
            "'p':{},'x':{'not_after':[" + Each(n, "{'tool':'p','within':1,'same':'args.a@'}") + "]}")),
        ["orders of each entry on one tool"] = (200, n => Tools(
            "'p':{}," + Each(n, "'t@':{'after':[{'tool':'p','within':1,'same':'args.a@'}]}"))),
        ["pauses under a pattern"] = (100, n => Tools("'p*':{'not_after':[" + Each(n, "{'tool':'p@','within':1}") + "]}")),
        ["equal rules"] = (200, n => Tools("'t':{'require':[" + Each(n, Rule("a")) + "]}")),
        ["values of an enum"] = (500, n => Schema("{'enum':[" + Each(n, "'v@'") + "]}")),
        ["values of a list"] = (500, n => Tools(
            "'t':{'require':[{'conditions':[{'path':'args.a','op':'in','value':[" + Each(n, "@,'@'") + "]}]}]}")),
        ["steps of a path"] = (500, n => Tools(
            "'t':{'require':[{'conditions':[{'path':'args" + Repeat(n, "[*]") + ".a','op':'exists','value':true}]}]}")),
        ["comments"] = (500, n => Tools(Repeat(n, "/* why */"))),
        ["commas before an end"] = (500, n => Hide(Each(n, "[1,]"))),
        ["hidden by a broader pattern"] = (500, n => Hide("'a*'," + Each(n, "'a@*'"))),
        ["equal regexes"] = (100, n => Tools(Each(n, "'t@':{'arguments':{'minLength':@,'pattern':'^[a-z]{1,8}$'}}"))),
        ["equal look-aheads"] = (100, n => Tools(Each(n, "'t@':{'arguments':{'minLength':@,'pattern':'^(?!a)(?=.*b)[a-z]{1,8}$'}}"))),
        ["formats that aren't checked"] = (100, n => Schema("{'properties':{" + Each(n, "'p@':{'format':'f@','enum':[1]}") + "}}")),
        ["equal schemas"] = (120, n => Tools(
            Each(n, "'t@':{'arguments':{'type':'object','properties':{'a':{'type':'string'}},'required':['a']}}"))),
    };

    public static TheoryData<string> Names => [.. Shapes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_loading_allocates_grows_as_the_document_does(string shape)
    {
        (int size, Func<int, string> document) = Shapes[shape];
        (long Work, int Bytes)[] loads = [.. new[] { 1, 1, 2, 4, 8 }.Select(factor => Load(document(size * factor))).Skip(1)];

        string measured = string.Join(", ", loads.Select(load => $"{load.Work} for {load.Bytes}"));
        for (int i = 2; i < loads.Length; i++)
        {
            // What is added each time, so that what every load takes doesn't count. It is held against what the first doubling added:
            // tables grow by leaps of their own, which lie unevenly between one doubling and the next.
            double work = loads[i].Work - loads[i - 1].Work;
            double bytes = loads[i].Bytes - loads[i - 1].Bytes;
            double workAtFirst = loads[1].Work - loads[0].Work;
            double bytesAtFirst = loads[1].Bytes - loads[0].Bytes;
            Assert.True(work / workAtFirst <= 1.15 * bytes / bytesAtFirst, measured);
            Assert.True(work <= BytesPerByte * bytes, measured);
        }
    }

    [Fact]
    public void Contradictions_between_names_and_patterns_are_looked_for_within_bounds()
    {
        Assert.Equal(["PL2501"], Ids(NamesAndPatterns(10)));
        Assert.Empty(Ids(NamesAndPatterns(200)));
    }

    /// <summary>Each name looks at each pattern: of 12 MB that would be a billion looks, and ten seconds.</summary>
    [Fact]
    public void Names_are_held_against_hiding_patterns_within_bounds()
    {
        Assert.Equal(["PL2004", "PL2001"], Ids(NamesAndHidingPatterns(10)));
        Assert.Empty(Ids(NamesAndHidingPatterns(900)));
    }

    /// <summary>Each look takes a name's text, as it isn't ASCII that is looked for: all of them would take 600 MB.</summary>
    [Fact]
    public void Names_that_conditions_ask_for_are_looked_for_within_bounds()
    {
        const int Names = 6_000;
        const int Rules = 10;
        string conditions = Each(256, "{'path':'args.ä@','op':'exists','value':true}");
        (long work, _) = Load(Tools(
            "'t':{'arguments':{'properties':{" + Each(Names, "'p@':{}") + "}},'require':["
            + Repeat(Rules - 1, "{'conditions':[" + conditions + "]},") + "{'conditions':[" + conditions + "]}]}"));
        Assert.InRange(work, 0, 300_000_000);
    }

    /// <summary>As many required names as patterns; the last name matches none and is forbidden.</summary>
    private static string NamesAndPatterns(int count) => Schema(
        "{'additionalProperties':false,'required':[" + Each(count, "'name@'") + ",'other'],'patternProperties':{"
        + Each(count, "'^name[0-9]*.{0,@}$':{}") + "}}");

    /// <summary>As many names as patterns, in <c>hide</c> and in <c>tools</c>; the last of each is hidden by the last pattern.</summary>
    private static string NamesAndHidingPatterns(int count) => Tools(
        Each(count, "'a@':{}") + ",'b_x':{}", "'hide':[" + Each(count, "'*c@_*x'") + ",'*b*x'," + Each(count, "'d@'") + ",'bbx'],");

    private static string[] Ids(string document) =>
        [.. Policy.Load(Utf8(document)).Diagnostics.Select(finding => finding.Id)];

    private static (long Work, int Bytes) Load(string document)
    {
        // Twice, as room that is rented counts as work only where the pool has none of that size yet.
        byte[] text = Utf8(document);
        Policy.Load(text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        PolicyLoadResult result = Policy.Load(text);
        foreach (PolicyDiagnostic finding in result.Diagnostics)
        {
            _ = finding.ToString();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before, text.Length);
    }

    /// <summary>Single quotes stand for double ones.</summary>
    private static byte[] Utf8(string document) => Encoding.UTF8.GetBytes(document.Replace('\'', '"'));

    private static string Schema(string schema) => Tools("'t':{'arguments':" + schema + "}");

    private static string Tools(string tools, string before = "") =>
        "{'version':'1','default':'deny'," + before + "'tools':{" + tools + "}}";

    private static string Hide(string patterns) => "{'version':'1','default':'deny','hide':[" + patterns + "]}";

    private static string Rule(string name) => "{'conditions':[{'path':'args." + name + "','op':'exists','value':true}]}";

    private static string Limit(string counter) => "{'counter':'" + counter + "','window':'hour','max':3}";

    private static string Sum(string name) => "{'counter':'" + name + "','window':'hour','max':3,'increment_from':'args." + name + "'}";

    /// <summary>Elements with their number in place of <c>@</c>.</summary>
    private static string Each(int count, string element) =>
        string.Join(',', Enumerable.Range(0, count).Select(i => element.Replace("@", $"{i}", StringComparison.Ordinal)));

    private static string Repeat(int count, string text) => string.Concat(Enumerable.Repeat(text, count));
}
