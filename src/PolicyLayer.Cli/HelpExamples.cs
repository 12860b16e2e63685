using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace PolicyLayer.Cli;

/// <summary>Ends the help of every command with an example.</summary>
internal static class HelpExamples
{
    private const string Check = "policylayer check schema/examples/stellify.json --tool run_code --grant ci --repeat 12";
    private const string Calls = "policylayer check policy.json --calls calls.jsonl --json";
    private const string Show = "policylayer counters show --store sqlite:counters.db --grant ci";
    private const string Reset = "policylayer counters reset --store sqlite:counters.db --grant ci --counter spent";
    private const string Validate = "policylayer validate policies/*.json";

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
            string[] examples = parseResult.CommandResult.Command.Name switch
            {
                "check" => [Check, Calls],
                "validate" => [Validate],
                "counters" => [Show, Reset],
                "show" => [Show],
                "reset" => [Reset],
                _ => [Validate, Check],
            };
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in examples)
            {
                output.WriteLine("  " + example);
            }

            return exitCode;
        }
    }
}
