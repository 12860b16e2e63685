using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

public class JsonParsingSuiteTests
{
    private const string Suite = "json-parsing";

    [SuiteFact(Suite)]
    public void Arguments_are_exactly_one_well_formed_object()
    {
        var tape = new JsonTape();
        string[] files = Directory.GetFiles(SuiteFactAttribute.Find(Suite)!, "*.json");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            byte[] utf8 = File.ReadAllBytes(file);
            string name = Path.GetFileName(file);
            bool accepted = JsonScanner.Scan(utf8, 64, tape) == JsonFault.None;
            Assert.True(accepted == NaiveJson.IsOneObject(utf8), name);

            // As a value of any kind: what must be accepted is, but for duplicate names; what must be refused is.
            bool isValue = JsonScanner.ScanValue(utf8, 64, tape) == JsonFault.None;
            Assert.False(name.StartsWith("n_", StringComparison.Ordinal) && isValue, name);
            Assert.False(
                name.StartsWith("y_", StringComparison.Ordinal) && !isValue && !name.Contains("duplicated", StringComparison.Ordinal),
                name);
        }
    }
}
