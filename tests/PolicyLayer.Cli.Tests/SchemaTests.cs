using System.Text.Json;

namespace PolicyLayer.Tests.Cli;

public sealed class SchemaTests
{
    [Theory]
    [InlineData("policy", "urn:policylayer:policy:v1")]
    [InlineData("grants", "urn:policylayer:grants:v1")]
    public async Task It_prints_the_schema_that_packages_ship_to_the_byte(string document, string id)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "schema", $"{document}.v1.schema.json");
        Command run = await Command.RunAsync("schema", document);

        Assert.Equal((0, await File.ReadAllTextAsync(file), ""), (run.ExitCode, run.Output, run.Error));
        Assert.Equal(id, JsonDocument.Parse(run.Output).RootElement.GetProperty("$id").GetString());
    }

    [Fact]
    public async Task A_policy_s_is_the_one_that_is_meant_by_itself()
    {
        Command named = await Command.RunAsync("schema", "policy");
        Command run = await Command.RunAsync("schema");

        Assert.Equal((0, named.Output), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task A_document_without_a_schema_is_refused()
    {
        Command run = await Command.RunAsync("schema", "logs");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }
}
