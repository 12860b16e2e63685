using PolicyLayer.Fuzz;
using SharpFuzz;

if (args is not [var engine, var target, .. var files]
    || (engine, target) is not ("afl" or "libfuzzer" or "replay", "policy" or "arguments"))
{
    Console.Error.WriteLine("Usage: PolicyLayer.Fuzz afl|libfuzzer policy|arguments");
    Console.Error.WriteLine("       PolicyLayer.Fuzz replay policy|arguments FILE...");
    return 2;
}

ReadOnlySpanAction judge = target == "policy" ? Targets.Policy : Targets.Arguments;
switch (engine)
{
    case "afl":
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var buffer = new MemoryStream();
            stream.CopyTo(buffer);
            judge(buffer.ToArray());
        });
        break;
    case "libfuzzer":
        Fuzzer.LibFuzzer.Run(judge);
        break;
    default:
        foreach (string file in files)
        {
            judge(File.ReadAllBytes(file));
        }

        break;
}

return 0;
