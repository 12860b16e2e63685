using System.CommandLine;
using PolicyLayer.Cli.Stores;

namespace PolicyLayer.Cli.Commands;

/// <summary>What <c>counters</c> takes on the command line.</summary>
internal sealed class CountersSyntax
{
    private readonly Option<string> _store = new("--store")
    {
        Description = $"Where the counters are kept: {StoreLocation.LastingForms}.",
        HelpName = "STORE",
        Required = true,
    };

    private readonly Option<string> _grant = new("--grant") { Description = "Only those of a grant.", HelpName = "ID" };

    private readonly Option<string> _counter =
        new("--counter") { Description = "Only those of a name; marks have that of the tool.", HelpName = "NAME" };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object a counter." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_store, _grant, _counter, _json])
        {
            command.Add(option);
        }
    }

    public CountersOptions Read(ParseResult parsed) => new(
        parsed.GetRequiredValue(_store), parsed.GetValue(_grant), parsed.GetValue(_counter), parsed.GetValue(_json));
}
