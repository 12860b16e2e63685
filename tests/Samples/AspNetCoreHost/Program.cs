await using WebApplication app = ToolHost.Build(args, Directory.GetCurrentDirectory());
await app.RunAsync();
