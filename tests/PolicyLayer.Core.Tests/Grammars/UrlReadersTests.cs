using System.Diagnostics;
using System.Text;
using System.Text.Json;
using PolicyLayer.Grammars;
using PolicyLayer.Grammars.Addresses;
using PolicyLayer.Json.Values;
using PolicyLayer.Tests.Differential;
using PolicyLayer.Tests.Regexes;

namespace PolicyLayer.Tests.Grammars;

/// <summary>
/// What <c>url_in</c> accepts leads every reader to a listed place, and what it calls false leads none there. Readers are
/// <see cref="Uri"/> and Node's URL, whose answers are committed: <c>node urls.js 20110 8000 &gt; urls.json</c>.
/// </summary>
public sealed class UrlReadersTests
{
    private const int Seed = 20_110;
    private const int Count = 8_000;

    private static readonly UrlListing[] Listings =
    [
        new("good.test", null, "good.test", null, "/"),
        new("GOOD.test.", null, "good.test", null, "/"),
        new("https://good.test", "https", "good.test", null, "/"),
        new("http://good.test/", "http", "good.test", null, "/"),
        new("wss://good.test", "wss", "good.test", null, "/"),
        new("*.good.test", null, "*.good.test", null, "/"),
        new("https://*.test/v1/", "https", "*.test", null, "/v1/"),
        new("good.test:443", null, "good.test", 443, "/"),
        new("http://good.test:8443/v1", "http", "good.test", 8443, "/v1/"),
        new("good.test/v1/", null, "good.test", null, "/v1/"),
        new("https://good.test/v1/x", "https", "good.test", null, "/v1/x/"),
        new("evil.test", null, "evil.test", null, "/"),
        new("127.0.0.1", null, "127.0.0.1", null, "/"),
        new("http://127.0.0.1:80/v1", "http", "127.0.0.1", 80, "/v1/"),
        new("[::1]", null, "[::1]", null, "/"),
        new("[::FFFF:7f00:1]:443", null, "[::ffff:7f00:1]", 443, "/"),
        new("xn--bcher-kva.test", null, "xn--bcher-kva.test", null, "/"),
        new("*.localhost", null, "*.localhost", null, "/"),
    ];

    [Fact]
    public void Committed_urls_are_read_alike() => AreReadAlike(Committed());

    [NodeFact]
    public async Task Node_still_reads_them_so() => Assert.Equal(Committed(), await AskNode(Seed, Count));

    [NodeFact]
    public async Task Other_urls_are_read_alike()
    {
        int seed = Random.Shared.Next();
        try
        {
            AreReadAlike(await AskNode(seed, GeneratedCases.Long ? 200_000 : 2_000));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"By the seed {seed}.", e);
        }
    }

    private static void AreReadAlike(string[][] rows)
    {
        byte[][] patterns = [.. Listings.Select(listing => Encoding.UTF8.GetBytes(listing.Pattern))];
        int[] judged = new int[3];
        foreach (string[] row in rows)
        {
            UrlReading? uri = UrlReading.ByUri(row[0]);
            UrlReading? node = UrlReading.ByNode(row.ElementAtOrDefault(1));
            byte[] text = Encoding.UTF8.GetBytes(row[0]);
            for (int i = 0; i < patterns.Length; i++)
            {
                Judgement judgement = UrlIn.Judge(text, GrammarRow.ListOf(patterns[i]).Patterns);
                bool isRight = judgement switch
                {
                    Judgement.True => Listings[i].Lists(uri) && Listings[i].Lists(node),
                    Judgement.False => !Listings[i].MayMean(uri) && !Listings[i].MayMean(node),
                    _ => true,
                };
                Assert.True(isRight, $"{judgement} for {Listings[i].Pattern}: {JsonSerializer.Serialize(row[0])}, {uri}, {node}");
                judged[(int)judgement]++;
            }
        }

        // Without enough of each nothing is shown.
        Assert.All(judged, count => Assert.True(count > rows.Length / 10, $"{count} of {rows.Length}"));
    }

    private static string[][] Committed() => JsonSerializer.Deserialize<string[][]>(File.ReadAllBytes(Beside("urls.json")))!;

    private static async Task<string[][]> AskNode(int seed, int count)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Beside("urls.js"), $"{seed}", $"{count}"])
        {
            RedirectStandardOutput = true,
        })!;
        string[][]? rows = await JsonSerializer.DeserializeAsync<string[][]>(node.StandardOutput.BaseStream);
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        return rows!;
    }

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, "Grammars", "data", file);
}
