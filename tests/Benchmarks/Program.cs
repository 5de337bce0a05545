using PrivateLinkCloud.Benchmarks;

// Measures, prints a table, and with --json FILE writes it. Started by tests/bench.sh, which brings PostgreSQL and RabbitMQ.
var sets = new Dictionary<string, Func<Task<IReadOnlyList<Figure>>>>
{
    ["commands"] = CommandsBench.RunAsync,
    ["plan"] = PlanBench.RunAsync,
    ["walk"] = WalkBench.RunAsync,
};
if (args.Length is not (1 or 3) || !sets.TryGetValue(args[0], out var set) || (args.Length == 3 && args[1] != "--json"))
{
    Console.Error.WriteLine($"usage: bench.sh {string.Join('|', sets.Keys)} [--json FILE]");
    return 2;
}
Console.WriteLine($"{args[0]}: {Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}");
var figures = await set();
Figure.Print(figures, Console.Out);
if (args.Length == 3) Figure.Write(figures, args[2]);
return 0;
