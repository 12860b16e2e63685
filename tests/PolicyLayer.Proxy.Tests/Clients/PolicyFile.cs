namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>A policy in a file, which goes with it.</summary>
internal sealed class PolicyFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("policylayer-policy-");

    public PolicyFile(string json) => File.WriteAllText(Path, json);

    public string Path => System.IO.Path.Combine(_folder.FullName, "policy.json");

    public void Dispose() => _folder.Delete(recursive: true);
}
