using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using PolicyLayer.Cli.Calls;

namespace PolicyLayer.Cli;

/// <summary>Ends the help of every command with examples, and shows before them what <c>check</c> reads.</summary>
internal static class HelpExamples
{
    private const string Check = "policylayer check schema/examples/stellify.json --tool run_code --grant ci --repeat 12";
    private const string Calls = "policylayer check policy.json --calls calls.jsonl --json";
    private const string Explain = "policylayer check policy.json --tool run_code --args '{\"n\":1}' --explain";
    private const string Stdio = "policylayer proxy policy.json -- npx -y @modelcontextprotocol/server-everything";
    private const string StdioConfig = "{\"mcpServers\":{\"everything\":{\"command\":\"policylayer\","
        + "\"args\":[\"proxy\",\"policy.json\",\"--\",\"npx\",\"-y\",\"@modelcontextprotocol/server-everything\"]}}}";

    private const string Lasting =
        "policylayer proxy policy.json --counters sqlite:agent.db --keys keys.json --audit audit.jsonl -- my-server";

    private const string Http = "policylayer proxy policy.json --grants grants.json --listen http://127.0.0.1:8080 "
        + "--upstream https://mcp.example.com/mcp --upstream-header Authorization=UPSTREAM_AUTHORIZATION";

    private const string Bridge =
        "policylayer proxy policy.json --grants grants.json --listen http://127.0.0.1:8080 -- my-server";

    private const string Show = "policylayer counters show --store sqlite:counters.db --grant ci";
    private const string Reset = "policylayer counters reset --store sqlite:counters.db --grant ci --counter spent";
    private const string New = "policylayer grant new --id ci --label \"Build server\" --attribute team=build --grants grants.json";
    private const string List = "policylayer grant list --grants grants.json";
    private const string Revoke = "policylayer grant revoke ci --grants grants.json";
    private const string Expire = "policylayer grant expire ci --at 2027-01-31T18:00:00Z --grants grants.json";
    private const string RequestId = "0123456789abcdef0123456789abcdef";
    private const string RequestStore = "--store sqlite:agent.db --keys keys.json";
    private const string Waiting = $"policylayer approvals list {RequestStore}";
    private const string Whole = $"policylayer approvals show {RequestId} {RequestStore}";
    private const string Approve = $"policylayer approvals approve {RequestId} --once --reason \"checked\" {RequestStore}";
    private const string Refuse = $"policylayer approvals refuse {RequestId} --reason \"not on a Friday\" {RequestStore}";
    private const string Watch = "policylayer approvals watch --store redis://127.0.0.1:6379 --keys keys.json";
    private const string Verify = "policylayer audit verify audit.000001.jsonl audit.jsonl --keys keys.json";
    private const string Head = "policylayer audit head audit.jsonl";
    private const string VerifySigned = "policylayer audit verify audit.000001.jsonl audit.jsonl --public-key audit.pub";
    private const string Proof = "policylayer audit proof audit.000001.jsonl audit.jsonl 17";
    private const string Consistency = "policylayer audit consistency audit.jsonl --old checkpoint.txt";
    private const string Tail = "policylayer audit tail audit.jsonl -n 50 --follow";
    private const string Stats = "policylayer audit stats audit.000001.jsonl audit.jsonl";
    private const string Export = "policylayer audit export audit.jsonl --from 2027-01-01T00:00:00Z --grant ci --format csv";
    private const string Validate = "policylayer validate policies/*.json";
    private const string ValidateInBuild = "policylayer validate policy.json --format msbuild";
    private const string Schema = "policylayer schema > policy.v1.schema.json";

    public static void Add(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new Action((HelpAction)option.Action!);
    }

    private sealed class Action(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int exitCode = help.Invoke(parseResult);
            string path = PathOf(parseResult.CommandResult);
            string[] examples = path switch
            {
                "check" => [Check, Calls, Explain],
                "proxy" => [Stdio, Lasting, Http, Bridge, StdioConfig],
                "validate" => [Validate, ValidateInBuild],
                "schema" => [Schema],
                "counters" => [Show, Reset],
                "counters show" => [Show],
                "counters reset" => [Reset],
                "approvals" => [Waiting, Whole, Approve, Refuse, Watch],
                "approvals list" => [Waiting],
                "approvals show" => [Whole],
                "approvals approve" => [Approve],
                "approvals refuse" => [Refuse],
                "approvals watch" => [Watch],
                "audit" => [Verify, VerifySigned, Head, Proof, Consistency, Tail, Stats, Export],
                "audit verify" => [Verify, VerifySigned],
                "audit head" => [Head],
                "audit proof" => [Proof],
                "audit consistency" => [Consistency],
                "audit tail" => [Tail],
                "audit stats" => [Stats],
                "audit export" => [Export],
                "grant" => [New, List, Expire, Revoke],
                "grant new" => [New],
                "grant list" => [List],
                "grant revoke" => [Revoke],
                "grant expire" => [Expire],
                _ => [Validate, Check],
            };
            TextWriter output = parseResult.InvocationConfiguration.Output;
            if (path == "check")
            {
                Write(output, [.. LineKinds.Help, ""]);
            }

            Write(output, ["Examples:", .. examples.Select(example => "  " + example)]);
            return exitCode;
        }

        private static void Write(TextWriter output, string[] lines)
        {
            foreach (string line in lines)
            {
                output.WriteLine(line);
            }
        }

        /// <summary>The command's name, behind that of the one which it is a part of.</summary>
        private static string PathOf(CommandResult result) => result.Parent is CommandResult { Parent: not null } parent
            ? $"{parent.Command.Name} {result.Command.Name}"
            : result.Command.Name;
    }
}
