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
        { Head + "'tools':{'a':{⟦'approval'⟧:{},'after':[],'not_after':[]}}}", ["PL2027 /tools/a/approval"] },
        {
            Head + "'tools':{'a':{'action':'require_approval','approval':{'same':['args.a',⟦'args.b[*]'⟧],'uses':1}}}}",
            ["PL1212 /tools/a/approval/same/1"]
        },
        {
            Head + "'tools':{'a':{'action':'require_approval','approval':{'same':[⟦'context.a'⟧]}}}}",
            ["PL1212 /tools/a/approval/same/0"]
        },
        { Head + "'tools':{'a':{'action':'require_approval','approval':{'same':⟦[]⟧}}}}", ["PL1212 /tools/a/approval/same"] },
        {
            Head + "'tools':{'a':{'action':'require_approval','approval':{'same':['args.a',⟦'args.a'⟧]}}}}",
            ["PL1212 /tools/a/approval/same/1"]
        },
        {
            Head + "'tools':{'a':{'action':'require_approval','approval':{'same':⟦['args.a','args.b','args.c','args.d','args.e']⟧}}}}",
            ["PL1212 /tools/a/approval/same"]
        },
        { Head + "'tools':{'a':{'action':'require_approval','approval':{'same':⟦'args.a'⟧}}}}", ["PL1103 /tools/a/approval/same"] },
        { Head + "'tools':{'a':{'action':'require_approval','approval':{'same':[⟦1⟧]}}}}", ["PL1103 /tools/a/approval/same/0"] },
        { Head + "'tools':{'a':{'action':'require_approval','approval':{'same':[⟦'repo'⟧]}}}}", ["PL1401 /tools/a/approval/same/0"] },
        { Head + "'tools':{'a':{'action':'require_approval','approval':{'uses':⟦0⟧}}}}", ["PL1216 /tools/a/approval/uses"] },
        { Head + "'tools':{'a':{'action':'require_approval','approval':{'uses':⟦1001⟧}}}}", ["PL1216 /tools/a/approval/uses"] },
        { Head + "'tools':{'a':{'action':'require_approval','approval':{'uses':⟦1.5⟧}}}}", ["PL1216 /tools/a/approval/uses"] },
        { Head + "'tools':{'a':{'action':'require_approval','approval':{'uses':⟦'2'⟧}}}}", ["PL1103 /tools/a/approval/uses"] },
        { Head + "'tools':{'a':{'action':'require_approval','approval':{'for':⟦'week'⟧}}}}", ["PL1203 /tools/a/approval/for"] },
        { Head + "'tools':{'a':{'action':'require_approval','approval':{'for':⟦86401⟧}}}}", ["PL1203 /tools/a/approval/for"] },
        { Head + "'tools':{'a':{'action':'require_approval','approval':{'for':⟦0⟧}}}}", ["PL1203 /tools/a/approval/for"] },
        { Head + "'tools':{'a':{'action':'require_approval','approval':⟦1⟧}}}", ["PL1103 /tools/a/approval"] },
        {
            Head + "'tools':{'a':{'action':'require_approval','approval':{⟦'count'⟧:2}}}}",
            ["PL1101 /tools/a/approval/count"]
        },
        { Head + "'tools':{'a':{'action':'deny',⟦'approval'⟧:{'uses':2}}}}", ["PL1303 /tools/a/approval"] },
        { Head + "'all_tools':{⟦'approval'⟧:{'uses':2}}}", ["PL1101 /all_tools/approval"] },

        // Approvals.
        { Head + "'tools':{'a':{'action':'require_approval','reason':'r','approve_if':[]}}}", [] },
        {
            Head + "'tools':{'a':{'approve_if':[{'conditions':[{'path':'args.x','op':'eq','value':1}],⟦'on_deny'⟧:'r'}]}}}",
            ["PL1101 /tools/a/approve_if/0/on_deny"]
        },
        { Head + "'all_tools':{⟦'approve_if'⟧:[]}}", ["PL1101 /all_tools/approve_if"] },

        // Patterns.
        {
            Head + "'tools':{⟦1:''⟧:{},'a*b':{},'a*':{},⟦2:'a**'⟧:{},'*a*b*c*d*e*f*g*':{},⟦3:'*a*b*c*d*e*f*g*h*'⟧:{}}}",
            ["PL1301 1 /tools/", "PL1301 2 /tools/a**", "PL1301 3 /tools/*a*b*c*d*e*f*g*h*"]
        },
        {
            Head + "'hide':['a',⟦1:''⟧,⟦2:'b**c'⟧,⟦3:7⟧,⟦4:'a'⟧,⟦5:'\\u0061'⟧]}",
            ["PL1301 1 /hide/1", "PL1301 2 /hide/2", "PL1103 3 /hide/3", "PL1302 4 /hide/4", "PL1302 5 /hide/5"]
        },
        { Head + "'hide':['x_*',⟦1:'x_y'⟧,⟦2:'x_y*'⟧,'x',⟦3:'x_'⟧]}", ["PL2004 1 /hide/1", "PL2004 2 /hide/2", "PL2004 3 /hide/4"] },
        {
            Head + "'hide':[⟦1:'a*b'⟧,'a*',⟦2:'a*b*'⟧,'*b*x',⟦3:'b_*_x'⟧,⟦4:'cbx'⟧,'*x_b']}",
            ["PL2004 1 /hide/0", "PL2004 2 /hide/2", "PL2004 3 /hide/4", "PL2004 4 /hide/5"]
        },
        { Head + "'hide':[⟦'a*b'⟧,'a*b*']}", ["PL2004 /hide/0"] },
        {
            Head + "'hide':['*_a*','b*c'],'tools':{⟦1:'x_a'⟧:{},⟦2:'x*_ab'⟧:{},⟦3:'b*cc'⟧:{},'b*':{},'*_*a':{}}}",
            ["PL2001 1 /tools/x_a", "PL2001 2 /tools/x*_ab", "PL2001 3 /tools/b*cc"]
        },
        { Head + "'hide':['*'],'tools':{⟦1:'a'⟧:{},⟦2:'b*'⟧:{}}}", ["PL2001 1 /tools/a", "PL2001 2 /tools/b*"] },
        { Head + "'hide':['a*'],'tools':{⟦1:'a'⟧:{},⟦2:'ab*'⟧:{},'*':{},'b':{}}}", ["PL2001 1 /tools/a", "PL2001 2 /tools/ab*"] },

        // Names that are surely not meant, and patterns that deny in vain.
        {
            Head + "'hide':[⟦1:'a?'⟧,'B','b'],'tools':{⟦2:'\\tt'⟧:{},⟦3:'t\\n'⟧:{},⟦4:'x[ab]*'⟧:{},'t':{},⟦5:'T'⟧:{},'\\u017fT':{},"
                + "⟦6:'sT'⟧:{},'K':{},⟦7:'\\u212A'⟧:{},'i':{},'\\u0130':{},'a b':{}}}",
            [
                "PL2016 1 /hide/0", "PL2016 2 /tools/\tt", "PL2016 3 /tools/t\n", "PL2016 4 /tools/x[ab]*", "PL2017 5 /tools/T",
                "PL2017 6 /tools/sT", "PL2017 7 /tools/\u212A",
            ]
        },
        { Head + "'hide':['Drop'],'tools':{⟦'drop'⟧:{}}}", ["PL2017 /tools/drop"] },
        {
            Head + "'hide':[⟦1:'/^x/'⟧],'tools':{⟦2:'^y'⟧:{},⟦3:'z$'⟧:{},'a/b':{},'/a':{},'$a':{},'a^':{}}}",
            ["PL2016 1 /hide/0", "PL2016 2 /tools/^y", "PL2016 3 /tools/z$"]
        },

        // What is taken as it stands, times that never come, and commands that run any other.
        {
            Rules(
                "{'path':'args.p','op':'within','value':['/srv',⟦1:'/srv/*'⟧,'.']}", "{'path':⟦2:'args.x.*'⟧,'op':'eq','value':1}",
                "{'path':'args[\\'*\\']','op':'eq','value':1}", "{'path':'args.y','op':'eq','value_from':⟦3:'args.*.z'⟧}",
                "{'path':'args.a*','op':'eq','value':1}"),
            [
                "PL2023 1 /tools/a/deny_if/0/conditions/0/value/1", "PL2023 2 /tools/a/deny_if/1/conditions/0/path",
                "PL2023 3 /tools/a/deny_if/3/conditions/0/value_from",
            ]
        },
        {
            Rules(
                "{'path':⟦1:'time.hour'⟧,'op':'eq','value':24}", "{'path':⟦2:'time[\\'hour\\']'⟧,'op':'gte','value':0}",
                "{'path':'time.hour','op':'gte','value':22},{'path':⟦3:'time.hour'⟧,'op':'lt','value':6}",
                "{'path':⟦4:'time.weekday'⟧,'op':'in','value':[0,8]}", "{'path':⟦5:'time.day'⟧,'op':'neq','value':32}",
                "{'path':⟦6:'time.month'⟧,'op':'not_in','value':[0,13]}", "{'path':⟦7:'time.minute_of_day'⟧,'op':'lte','value':1439}",
                "{'path':'time.hour','op':'gte','value':8},{'path':'time.hour','op':'lt','value':18}",
                "{'path':'time.hour','op':'eq','value':23},{'path':'time.weekday','op':'gte','value':7}",
                "{'path':'time.year','op':'gte','value':0},{'path':'time.day','op':'lt','value':2}"),
            [
                "PL2024 1 /tools/a/deny_if/0/conditions/0/path", "PL2024 2 /tools/a/deny_if/1/conditions/0/path",
                "PL2024 3 /tools/a/deny_if/2/conditions/1/path", "PL2024 4 /tools/a/deny_if/3/conditions/0/path",
                "PL2024 5 /tools/a/deny_if/4/conditions/0/path", "PL2024 6 /tools/a/deny_if/5/conditions/0/path",
                "PL2024 7 /tools/a/deny_if/6/conditions/0/path",
            ]
        },
        {
            Head + "'all_tools':{'require':[{'any':[[{'path':'time.hour','op':'gte','value':22}],"
                + "[{'path':'time.hour','op':'lt','value':6}],[{'path':⟦'time.hour'⟧,'op':'gt','value':23}]]}]}}",
            ["PL2024 /all_tools/require/0/any/2/0/path"]
        },
        {
            Commands("command_in", "⟦1:'sh -c *'⟧", "⟦2:'bash *'⟧", "⟦3:'/usr/bin/env ./*'⟧", "⟦4:'python3.12 **'⟧", "⟦5:'sh'⟧",
                "⟦6:'timeout 5 *'⟧", "⟦7:'env A=b *'⟧", "⟦8:'find **'⟧", "⟦9:'sh -c ./*'⟧", "'python3 ./*'", "'find *'", "'sudo apt *'",
                "'python3 tools/x.py *'", "'node --version'", "'ls *'", "'git log *'", "'git ./*'", "'sh x'", "'env'", "'cd src'"),
            [.. Enumerable.Range(1, 9).Select(i => $"PL2025 {i} /tools/a/require/0/conditions/0/value/{i - 1}")]
        },
        {
            Commands("command_in", "⟦1:'git *'⟧", "⟦2:'dotnet **'⟧", "⟦3:'npm *'⟧", "⟦4:'cd ./*'⟧", "⟦5:'cd'⟧", "⟦6:'pushd *'⟧",
                "⟦7:'sudo -u root *'⟧", "⟦8:'ssh build1 *'⟧", "'git'", "'sudo -u root apt *'"),
            [.. Enumerable.Range(1, 8).Select(i => $"PL2025 {i} /tools/a/require/0/conditions/0/value/{i - 1}")]
        },
        {
            Head + "'all_tools':{'deny_if':[{'conditions':[{'path':'time.weekday','op':'in','value':[⟦1:0⟧,6,⟦2:7.5⟧,7]}]},"
                + "{'conditions':[{'path':'time.month','op':'not_in','value':[⟦3:0⟧,12]}]}]}}",
            [
                "PL2024 1 /all_tools/deny_if/0/conditions/0/value/0", "PL2024 2 /all_tools/deny_if/0/conditions/0/value/2",
                "PL2024 3 /all_tools/deny_if/1/conditions/0/value/0",
            ]
        },
        { Commands("argv_in", "'sh'", "⟦'sh *'⟧", "'ls **'"), ["PL2025 /tools/a/require/0/conditions/0/value/1"] },
        { Commands("command_in", "⟦1:'sh *'⟧", "⟦2:'git * x'⟧"), ["PL2025 1 /tools/a/require/0/conditions/0/value/0",
            "PL1215 2 /tools/a/require/0/conditions/0/value/1"] },
        {
            Head + "'tools':{⟦1:'*_delete'⟧:{'action':'deny'},'files_*':{},'a_delete':{},⟦5:'db_*'⟧:{'action':'deny'},"
                + "'db_read':{},'db_r*':{},'x':{},⟦2:'a*b*'⟧:{'action':'deny'},'a*bc':{},'a*cc':{},'*':{'action':'deny'},"
                + "⟦3:'r*_code'⟧:{'action':'deny'},'run_*':{},'q*':{'action':'deny'},'*q':{},'zz*y':{'action':'deny'},'zzz*x':{},"
                + "⟦4:'*u*'⟧:{'action':'deny'},'*v_*':{}}}",
            [
                "PL2018 1 /tools/*_delete", "PL2018 5 /tools/db_*", "PL2018 2 /tools/a*b*", "PL2018 3 /tools/r*_code",
                "PL2018 4 /tools/*u*",
            ]
        },
        {
            Head + "'hide':['db_read'],'tools':{'db_*':{'action':'deny'},⟦'db_read'⟧:{}}}",
            ["PL2001 /tools/db_read"]
        },

        // Regexes that a call must meet, and that are found in more than is meant.
        { Require("⟦1:'^ls|cat$'⟧", "⟦2:'ls'⟧", "⟦3:'^ls'⟧", "⟦4:'ls$'⟧", "⟦5:'^(?:ls|cat)'⟧", "⟦6:'(?:^ls|cat)$'⟧", "⟦7:'(?m)^ls$'⟧",
            "⟦8:'(^ls$)?'⟧", "⟦9:''⟧"),
            [.. Enumerable.Range(1, 9).Select(i => $"PL2019 {i} /tools/a/require/{i - 1}/conditions/0/value")]
        },
        {
            Require("'^ls$'", "'^ls$|^cat$'", "'^(?:ls|cat)$'", "'\\\\Als\\\\z'", "'(^ls$)'", "'^(?:ls$|cat\\\\z)'", "'(?i)^ls$'",
                "'(?s)^.*ls.*$'", "'(?:^ls|^cat)$'", "'(?:^ls$){1,2}'", "'\\\\b^ls$\\\\b'"),
            []
        },
        { Rule("{'path':'args.a','op':'regex','value':'^ls|cat$'}"), [] },
        {
            Head + "'all_tools':{'require':[{'conditions':[{'path':'args.a','op':'regex','value':⟦'ls'⟧}]}]}}",
            ["PL2019 /all_tools/require/0/conditions/0/value"]
        },
        {
            Rules("{'conditions':[{'path':'args.a','op':⟦1:'command_in'⟧,'value':['rm **']},"
                + "{'path':'args.b','op':⟦2:'argv_in'⟧,'value':['rm **']}]}"),
            ["PL2022 1 /tools/a/deny_if/0/conditions/0/op", "PL2022 2 /tools/a/deny_if/0/conditions/1/op"]
        },
        { Rules("{'conditions':[{'path':'args.a','op':'command_in','value':['rm **']}]}").Replace("deny_if", "require"), [] },

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
            Limits("{'counter':'c','window':⟦1:0⟧,'max':⟦2:0.0000001⟧,'increment_from':⟦3:'context.a'⟧}"),
            ["PL1203 1 /tools/a/limits/0/window", "PL1201 2 /tools/a/limits/0/max", "PL1205 3 /tools/a/limits/0/increment_from"]
        },
        { Limits("{'counter':'c','window':60,'max':⟦0⟧}"), ["PL2002 /tools/a/limits/0/max"] },
        {
            Limits("{'counter':'c','window':'month','algorithm':⟦1:'sliding'⟧,'max':1,'count_of':⟦2:'args.a'⟧,'increment_default':⟦3:-1⟧,"
                + "'per':['args.b',⟦4:'args.c[*]'⟧,⟦5:'time.hour'⟧,⟦6:'d'⟧]}"),
            [
                "PL1211 1 /tools/a/limits/0/algorithm", "PL1205 2 /tools/a/limits/0/count_of",
                "PL1201 3 /tools/a/limits/0/increment_default", "PL1212 4 /tools/a/limits/0/per/1", "PL1212 5 /tools/a/limits/0/per/2",
                "PL1401 6 /tools/a/limits/0/per/3",
            ]
        },
        {
            Limits("{'counter':'c','window':60,'max':1,⟦1:'increment_default'⟧:1,'per':⟦2:[]⟧},{'counter':'d','window':60,'max':1,"
                + "'increment_from':'args.a',⟦3:'count_of'⟧:'args.a[*]'}"),
            [
                "PL1210 1 /tools/a/limits/0/increment_default", "PL1212 2 /tools/a/limits/0/per", "PL1209 3 /tools/a/limits/1/count_of",
            ]
        },
        {
            Orders("⟦1:{}⟧,{'tool':⟦2:'b*'⟧,'within':⟦3:'week'⟧,'scope':⟦4:'policy'⟧,'same':⟦5:'args.a[*]'⟧,⟦6:'description'⟧:'d'}"),
            [
                "PL1102 1 /tools/a/after/0", "PL1102 1 /tools/a/after/0", "PL1213 2 /tools/a/after/1/tool",
                "PL1203 3 /tools/a/after/1/within", "PL1107 4 /tools/a/after/1/scope", "PL1212 5 /tools/a/after/1/same",
                "PL1101 6 /tools/a/after/1/description",
            ]
        },
        {
            Orders("{'tool':⟦1:'c'⟧,'within':1},{'tool':⟦2:'a'⟧,'within':1}"),
            ["PL2026 1 /tools/a/after/0/tool", "PL2026 2 /tools/a/after/1/tool"]
        },
        { Orders("{'tool':'b','within':60},⟦{'tool':'b','within':'minute'}⟧"), ["PL2004 /tools/a/after/1"] },
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

    private static string Require(params string[] patterns) => Head + "'tools':{'a':{'require':[" + string.Join(
        ",", patterns.Select(pattern => $"{{'conditions':[{{'path':'args.a','op':'regex','value':{pattern}}}]}}")) + "]}}}";

    private static string Rules(params string[] conditions) => Head + "'tools':{'a':{'deny_if':["
        + string.Join(",", conditions.Select(list => $"{{'conditions':[{list}]}}")) + "]}}}";

    private static string Commands(string op, params string[] patterns) =>
        Head + "'tools':{'a':{'require':[{'conditions':[{'path':'args.c','op':'" + op + "','value':[" + string.Join(",", patterns)
        + "]}]}]}}}";

    /// <summary>A document, the id of its one finding, and what its message or help must say.</summary>
    public static TheoryData<string, string> Texts => new()
    {
        { Head + "'defualt':'deny'}", "did you mean `default`?" },
        { Head + "'tools':{'a':{'limts':[]}}}", "did you mean `limits`?" },
        { Head + "'tools':{'a':{'zzzzzz':[]}}}", "`limits` or `rate_limit`" },
        { Rule("{'path':'args.a','op':'contians','value':1}"), "did you mean `contains`?" },
        { Rule("{'path':'args.a','op':'frobnicate','value':1}"), "use one of `eq`, `neq`" },
        { Rule("{'path':'args.a','op':'==','value':1}"), "use `eq`" },
        { Rule("{'path':'args.a','op':'equals','value':1}"), "use `eq`" },
        { Rule("{'path':'args.a','op':'!=','value':1}"), "use `neq`" },
        { Rule("{'path':'args.a','op':'>','value':1}"), "use `gt`" },
        { Rule("{'path':'args.a','op':'>=','value':1}"), "use `gte`" },
        { Rule("{'path':'args.a','op':'<','value':1}"), "use `lt`" },
        { Rule("{'path':'args.a','op':'<=','value':1}"), "use `lte`" },
        { Rule("{'path':'args.a','op':'startsWith','value':1}"), "else `regex` with `^` before" },
        { Rule("{'path':'args.a','op':'ends_with','value':1}"), "use `regex` with `$` after" },
        { Rule("{'path':'args.a','op':'matches','value':1}"), "use `regex`, which" },
        { Rule("{'path':'args.a','op':'NOT IN','value':1}"), "did you mean `not_in`?" },
        { Rule("{'path':'args.a','op':'not','value':1}"), "alone into a rule of `deny_if`" },
        { Rule("{'path':'args.a','op':'EQ','value':1}"), "did you mean `eq`?" },

        // What others call it, and other shapes.
        { Head + "'tools':{'a':{'inputSchema':{}}}}", "did you mean `arguments`?" },
        { Head + "'tools':{'a':{'action':'ask'}}}", "did you mean `require_approval`?" },
        { Head + "'tools':{'a':{'approve_if':[{'conditions':[],'on_deny':'r'}]}}}", "did you mean `reason`?" },
        {
            Head + "'tools':{'a':{'reason':'r'}}}", "add `\"action\": \"deny\"` or `\"require_approval\"`, or remove it"
        },
        { Head + "'tools':{'a':{'action':'Block'}}}", "did you mean `deny`?" },
        { Head + "'tools':{'a':{'risk':'delete'}}}", "did you mean `destructive`?" },
        { Head + "'tools':{'a':{'risk':'high'}}}", "use `read`, `write`" },
        { Head + "'tools':['a']}", "as members: `{ \"run_code\": {} }`" },
        { Head + "'tools':{'a':true}}", "write `{}` to list the tool" },
        { Head + "'tools':{'a':{'require':{'conditions':[]}}}}", "write a list of rules" },
        { Head + "'tools':{'a':{'require':[{'name':'x'}]}}}", "a rule has a list of them: `{ \"conditions\": [{" },
        { Head + "'tools':{'a':{'require':[{'any':[{'path':'args.a','op':'eq','value':1}]}]}}}", "`[[{ … }], [{ … }]]`" },
        { Head + "'tools':{'a':{'arguments':{'type':'dict'}}}}", "did you mean `object`?" },
        { Head + "'tools':{'a':{'arguments':{'format':'mail'}}}}", "did you mean `email`?" },
        { Head + "'tools':{'a':{'arguments':{'format':'ip'}}}}", "`pattern`, `enum` or `const`" },
        { Head + "'time_zone':'europe/vienna'}", "did you mean `Europe/Vienna`?" },
        { Head + "'time_zone':'Mars'}", "as in `Europe/Vienna`" },
        { Rule("{'path':'time.minute','op':'lt','value':1}"), "use `time.minute_of_day`" },
        { Rule("{'path':'time.hours','op':'lt','value':1}"), "did you mean `time.hour`?" },
        { Limits("{'counter':'c','window':'weeks','max':1}"), "did you mean `week`?" },
        { Limits("{'counter':'c','window':'year','max':1}"), "`month` or a whole number of seconds from 1 to 2678400" },
        { Limits("{'counter':'c','window':60,'max':1,'count_of':'args.a'}"), "end it with `[*]`" },
        { Limits("{'counter':'c','window':60,'max':1,'per':'args.a[*]'}"), "name one value, without `[*]`" },
        { Orders("{'tool':'b','within':'week'}"), "`day` or a whole number of seconds from 1 to 86400" },
        { Orders("{'tool':'b*','within':'day'}"), "write an order for each tool" },
        { Orders("{'tool':'a','within':'day'}"), "name the tool that has to go before" },
        { Limits("{'counter':'c','window':'hourly','max':1}"), "did you mean `hour`?" },
        { Rule("{'path':'args.a','op':'url_in','value':'a.test/*'}"), "a path is a directory, for all below it" },
        { Rule("{'path':'args.a','op':'email_in','value':'a*@b.test'}"), "`*.` stands only after `@`" },
        { Commands("command_in", "'git * x'"), "stand only as the last word" },

        // What is JSON but isn't meant.
        { "{'version':'1','default':'deny','name':'a\\.b'}", "`\\.` is no escape of JSON. in JSON a backslash is written `\\\\`" },
        { "{'version':'1','default':'deny','name':'C:\\Work'}", "`\\W` is no escape" },
        { "version: 1\ndefault: deny\n", "This is YAML, not JSON." },
        { "# the shop's\n\n---\nversion: 1\n", "This is YAML, not JSON." },
        { "- tools", "This is YAML, not JSON." },
        { "{'version':'1',\n# nobody\n'default':'deny'}", "Comments aren't allowed, with `#` neither." },
        { "{\u2018version\u2019:'1'}", "straight double quotes" },
        { "{version:'1'}", "The name `version` stands without quotes." },
        { "{'version':'1','default':'deny','tools':{'t':{'require':None}}}", "`None` is no value of JSON." },
        { Rule("{'path':'args.a','op':'not_in','value':'x'}"), "`not_in` takes an array, not a string." },
        { Rule("{'path':'args.a[01]','op':'eq','value':'x'}"), "at character 7." },
        { Rule("{'path':'args.a','op':'regex','value':'ab(?=c)'}"), "at character 3." },
        { Rule("{'path':'args.a','op':'regex','value':'a{2}{3}'}"), "put the inner one in a group" },
        { Limits("{'counter':'c','window':'minuts','max':1}"), "did you mean `minute`?" },
        { Limits("{'counter':'c','window':'60','max':1}"), "write the number of seconds without quotation marks" },
        { Limits("{'counter':'c','window':60,'max':1,'count':'args.a[*]'}"), "did you mean `max` or `count_of`?" },
        { Rate("5/week"), "`{ \"max\": 5, \"window\": \"week\" }`" },
        { Rate("10/5minutes"), "with a number of seconds as the window" },
        { "{'version':'1','default':'allow','tools':{'read_secret':{},'a':{'not_after':[{'tool':'read_secrets','within':'hour'}]}}}",
            "did you mean `read_secret`?" },
        { Head + "'tools':{'run_tests':{},'a':{'after':[{'tool':'run_test','within':'hour'}]}}}", "did you mean `run_tests`?" },
        { Orders("{'tool':'b','within':'hour','same':['args.a']}"), "name one path, which both calls have" },
        { Head + "'tools':{'a':{'after':'b'}}}", "write a list: `[{ \"tool\": \"run_tests\", \"within\": \"hour\" }]`" },
        { Limits("{'counter':'c','window':60,'max':1,'scope':'Session'}"), "did you mean `session`?" },
        { Limits("{'counter':'c','window':60,'max':1,'algorithm':'slidng'}"), "did you mean `sliding`?" },
        { Head + "'tools':{'a':{'rate_limit':'10/minutes'}}}", "did you mean `minute`?" },
        { Head + "'tools':{'a':{'rate_limit':'ten a minute'}}}", "as in `10/minute`" },
        { Head + "'tools':{'a':{'risk':'excute'}}}", "did you mean `execute`?" },
        { Head + "'all_tools':{'approve_if':[]}}", "or into `\"*\"`, which matches the tools without one of their own" },
        { Head + "'all_tools':{'action':'deny'}}", "put it into the tool's entry, or into `\"*\"`" },
        { Head + "'all_tools':{'approval':{}}}", "put it into the tool's entry, or into `\"*\"`" },
        { "{'grants':[{'id':'ci'}]}", "this is a file of grants: `policylayer grant list --grants FILE` checks it" },
        { "{'$schema':'x','grants':[]}", "this is a file of grants" },
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
        Assert.Equal(Enumerable.Range(0, 39).Select(i => $"/tools/w{i}/reason"), found.Take(39).Select(finding => finding.Pointer));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"/tools/e{i}/risk"), found.Skip(39).Take(60).Select(finding => finding.Pointer));
        Assert.Equal("PL2021  There are 111 findings more.", LastWord(found));

        string more = string.Join(',', Enumerable.Range(0, 150).Select(i => $"'e{i}':{{'risk':'x'}}"));
        found = Load(Head + $"'tools':{{{warnings},{more}}}}}").Diagnostics;
        Assert.Equal(Enumerable.Range(0, 99).Select(i => $"/tools/e{i}/risk"), found.Take(99).Select(finding => finding.Pointer));
        Assert.Equal("PL2021  There are 201 findings more.", LastWord(found));
    }

    [Theory]
    [InlineData(100, "PL2003 /tools/w99/reason `reason` has no effect here.")]
    [InlineData(101, "PL2021  There are 2 findings more.")]
    public void The_last_word_says_how_many_findings_more_there_were(int count, string lastWord)
    {
        string warnings = string.Join(',', Enumerable.Range(0, count).Select(i => $"'w{i}':{{'reason':'x'}}"));
        PolicyLoadResult loaded = Load(Head + $"\n'tools':{{{warnings}}}}}");

        Assert.True(loaded.IsValid);
        Assert.Equal(100, loaded.Diagnostics.Count);
        Assert.Equal(lastWord, LastWord(loaded.Diagnostics));
        Assert.Equal(loaded.Diagnostics.OrderBy(found => (found.Line, found.Column)), loaded.Diagnostics);
    }

    private static string LastWord(IReadOnlyList<PolicyDiagnostic> found) => $"{found[^1].Id} {found[^1].Pointer} {found[^1].Message}";

    [Theory]
    [InlineData("{'version':'1','default':'deny'}", 1, 2, "double quotes, not single ones")]
    [InlineData("{\"version\":'1'}", 1, 12, "double quotes, not single ones")]
    [InlineData("{\"version\":`1`}", 1, 12, "in double quotes.")]
    [InlineData("{\"name\":\"a\\\\\\.b\"}", 1, 14, "`\\.` is no escape")]
    [InlineData("{\"name\":\"a\\\\\n\"}", 1, 13, "This isn't JSON.")]
    [InlineData("{\"version\": \"1\", # one\n\"default\": \"deny\"}", 1, 18, "with `#` neither")]
    [InlineData("  {\"a\": NaN}", 1, 9, "`NaN` is no value of JSON")]
    [InlineData("{\"a\": 1,\n  b: 2}", 2, 3, "The name `b` stands without quotes")]
    [InlineData("---\n{}", 1, 2, "This is YAML")]
    [InlineData("-1x", 1, 3, "This isn't JSON.")]
    [InlineData("true: x", 1, 5, "The name `true` stands without quotes")]
    [InlineData("nothing", 1, 2, "This isn't JSON.")]
    public void What_stands_in_the_place_of_json_is_named(string document, int line, int column, string says)
    {
        PolicyDiagnostic finding = Assert.Single(TestPolicies.Load(document).Diagnostics);
        Assert.Contains(says, finding.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (finding.Line, finding.Column));
    }

    [Theory]
    [InlineData("{\n\"version\":\"1\",\n\"tools\":{\"a\":{}\n}", 4, 2, "object that begins in line 1 is still open", "`}`")]
    [InlineData("{\n\"tools\":{\"a\":{\"risk\":\"read\"\n", 3, 1, "object that begins in line 2 is still open", "`}`")]
    [InlineData("{\"hide\":\n[\"a\"", 2, 5, "list that begins in line 2 is still open", "`]`")]
    [InlineData("{\"hide\":[\"a\",", 1, 14, "list that begins in line 1 is still open", "`]`")]
    [InlineData("{", 1, 2, "object that begins in line 1 is still open", "`}`")]
    public void A_document_that_ends_too_early_says_what_is_still_open(string document, int line, int column, string says, string help)
    {
        PolicyDiagnostic finding = Assert.Single(TestPolicies.Load(document).Diagnostics);
        Assert.Equal("PL1001", finding.Id);
        Assert.Contains($"The document ends here, and the {says}.", finding.Message, StringComparison.Ordinal);
        Assert.Contains(help, finding.Help, StringComparison.Ordinal);
        Assert.Equal((line, column), (finding.Line, finding.Column));
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

    private static string Rate(string rate) => Head + "'tools':{'a':{'rate_limit':'" + rate + "'}}}";

    private static string Orders(string orders) => Head + "'tools':{'b':{},'a':{'after':[" + orders + "]}}}";

    private static string Limits(string limits) => Head + "'tools':{'a':{'limits':[" + limits + "]}}}";

    private static PolicyLoadResult Load(string document) => TestPolicies.Load(document.Replace('\'', '"'));
}
