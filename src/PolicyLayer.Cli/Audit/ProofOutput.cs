using System.Text.Json;
using PolicyLayer.Auditing;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Audit;

/// <summary>Prints proofs, for programs.</summary>
internal static class ProofOutput
{
    public static void Write(AuditInclusionProof proof, CommandEnvironment environment)
    {
        using var line = new JsonLine(environment.Output);
        Utf8JsonWriter json = line.Begin();
        json.WriteString("record", proof.Record);
        json.WriteNumber("index", proof.Index);
        json.WriteNumber("size", proof.Size);
        WriteEnd(json, proof.Hashes, proof.Checkpoint);
        line.End();
    }

    public static void Write(AuditConsistencyProof proof, CommandEnvironment environment)
    {
        using var line = new JsonLine(environment.Output);
        Utf8JsonWriter json = line.Begin();
        json.WriteNumber("old_size", proof.OldSize);
        json.WriteNumber("size", proof.Size);
        WriteEnd(json, proof.Hashes, proof.Checkpoint);
        line.End();
    }

    private static void WriteEnd(Utf8JsonWriter json, IReadOnlyList<ReadOnlyMemory<byte>> hashes, string checkpoint)
    {
        json.WriteStartArray("hashes");
        foreach (ReadOnlyMemory<byte> hash in hashes)
        {
            json.WriteBase64StringValue(hash.Span);
        }

        json.WriteEndArray();
        json.WriteString("checkpoint", checkpoint);
    }
}
